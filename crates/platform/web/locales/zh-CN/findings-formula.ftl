# 公式语言的提示：哪里不对，怎样改
finding-formula-empty = 公式是空的
    .remedy = 请写出公式，例如 min(income / target, 1) * 6。
finding-formula-too-long = 公式长 { $found } 字节，最多 { $limit } 字节
    .remedy = 请拆成几个指标，分别写公式。
finding-formula-too-deep = 公式嵌套超过 { $limit } 层
    .remedy = 很长的加法请写成 sum(a, b, …)，其余请拆成几个指标。
finding-formula-too-many-steps = 公式需要 { $found } 步，最多 { $limit } 步
    .remedy = 请减少 ln、exp、sqrt 的次数，或拆成几个指标。
finding-formula-unexpected-character = 不认识的字符“{ $found }”
    .remedy = 请删去它；小数写作 0.5，不写作 .5。
finding-formula-write-instead = 不能写“{ $found }”
    .remedy = 请改为“{ $expected }”（半角）。
finding-formula-unclosed-text = 文字没有结束的引号
    .remedy = 请在同一行补上引号。
finding-formula-bad-escape = 文字里不能写“{ $found }”
    .remedy = 反斜杠后只能是 n、t、引号或反斜杠。
finding-formula-bad-number = “{ $found }”不是数
    .remedy = 请写成 12 或 12.5：不用科学记数、分节号和单位，最多 38 位数字。
finding-formula-bad-name = “{ $found }”不是名称
    .remedy = 名称以字母或汉字开头，点号两边都要有名称。
finding-formula-incomplete = 公式没有写完
    .remedy = 这里还应有：{ $expected ->
        [value] 一个值
       *[other] { $expected }
    }。
finding-formula-unexpected = 这里不应是“{ $found }”
    .remedy = 这里应当是：{ $expected ->
        [value] 一个值
        [end] 公式的结尾
       *[other] { $expected }
    }。
finding-formula-chained-comparison = 比较不能连写
    .remedy = 请写成 1 < x && x < 9，不写成 1 < x < 9。
finding-formula-unknown-name = 没有名为“{ $found }”的数据
    .remedy = 请使用本方案已有的数据代码。最接近的是：{ $similar }
finding-formula-unknown-function = 没有函数“{ $found }”
    .remedy = 可用的函数：{ $known }。
finding-formula-window-needs-name = { $function }(…) 里只能写一个数据的名称
    .remedy = 请写成 { $function }(income)，运算放在外面。
finding-formula-no-such-window = 数据“{ $name }”没有 { $function }
    .remedy = 请改用本期数据，或为它登记该时期的数据。
finding-formula-arguments = 函数 { $function } 给了 { $found } 个参数
    .remedy = 它至少要 { $fewest } 个，最多 { $most } 个。
finding-formula-literal-argument = { $function } 的这个参数要直接写出，不能是“{ $found }”
    .remedy = 可写：{ $expected }。
finding-formula-type = “{ $part }”是{ $found ->
        [number] 数
        [bool] 真假
        [text] 文字
       *[other] { $found }
    }，这里要{ $expected ->
        [number] 数
        [bool] 真假
        [text] 文字
       *[other] { $expected }
    }
    .remedy = 请检查比较和条件是否写全。
finding-formula-input-absent = 计算时没有取到“{ $name }”
    .remedy = 这是程序的缺陷，请告诉系统管理员。
finding-formula-input-type = “{ $name }”的值是 { $found }，登记的类型是 { $expected }
    .remedy = 请更正这项数据，或更正它登记的类型。
