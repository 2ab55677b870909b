# 地方、组织、人员、数据和表格导入的提示：哪里不对，怎样改
finding-place-unknown = 没有这个地方
    .remedy = 请从名册中选择；新的村镇请先登记。
finding-place-name-length = 名称要有 1 至 { $expected } 个字
finding-place-twice = 同一个地方在这次提交中出现了两次
finding-place-kind-unclear = 名称与代码所示的类型不一致，按名称登记为{ $kind ->
        [district] 区
        [county] 县
        [county_city] 县级市
        [banner] 旗
        [street] 街道
        [town] 镇
        [township] 乡
        [village] 村
        [community] 社区
       *[other] “{ $kind }”
    }
    .remedy = 代码“{ $found }”如有误，请改正后重新导入。
finding-place-parent-unknown = “{ $name }”的上级地方没有找到
    .remedy = 请核对上级代码，或在名册中补上上级。
finding-place-parent-not-above = “{ $name }”的上级不能是同级或下级的地方
    .remedy = 请核对上级代码。
finding-place-not-above-its-children = 这个地方的下级会与它同级或更高
    .remedy = 请先调整下级地方。
finding-place-parent-itself = 一个地方不能放在自己下面
finding-place-parent-ended = 上级“{ $name }”已经撤销
    .remedy = 请选一个现有的上级。
finding-place-parent-not-begun = 上级“{ $name }”从 { $expected } 起才有，{ $found } 还没有
    .remedy = 请改日期，或另选上级。
finding-place-has-children = “{ $name }”在这之后仍在它下面
    .remedy = 请先把下级撤销、合并或调整到别处。
finding-place-ended = “{ $name }”已于 { $day } 撤销
finding-place-not-ended = 这个地方没有撤销，无需恢复
finding-place-day-before-begin = “{ $name }”自 { $expected } 起才是现在这样，变更日要在这之后
    .remedy = 您填的是 { $found }。
finding-place-day-before-end = 恢复的日期要在撤销之日 { $expected } 之后
    .remedy = 您填的是 { $found }。
finding-place-levels-differ = “{ $name }”的级别不同，不能一起合并或拆分
finding-place-link-twice = 这一天已经登记过同样的合并或拆分
finding-place-child-not-said = 没有说明“{ $name }”归到哪里
    .remedy = 请为每个下级地方选择去向。
finding-place-successor-unknown = “{ $name }”的去向不在所列的承继地方之中
finding-place-changed-since = “{ $name }”在这之后又有变更，不能倒回去调整
    .remedy = 请把日期填在最近一次变更之后。
finding-place-change-text-length = 请填写，最多 { $expected } 个字
    .remedy = 现有 { $found } 个字。
finding-merge-too-few = 合并要有两个以上的地方，合成一个
finding-split-too-few = 拆分要把一个地方分成两个以上
finding-import-grid-missing = 微网格要写明所属网格
    .remedy = 请在“所属网格”一列填网格名称，“上级编码”填村的代码。
finding-place-succeeds-itself = 一个地方不能由自己承继
finding-division-code-other-level = 区划代码“{ $found }”的级别不对，应当是{ $expected ->
        [province] 省级
        [city] 市级
        [county] 县级
        [town] 乡镇级
       *[village] 村级
    }代码
    .remedy = 请对照批准文件核对。
finding-division-code-elsewhere = 区划代码“{ $found }”不在“{ $name }”之内，开头应当是 { $expected }
    .remedy = 请对照批准文件核对；上级的代码有误的，先更正上级。
finding-division-code-leaves-below = 更正后“{ $name }”等 { $count } 个下级地方的代码不在新代码之内
    .remedy = 下级代码也是跟着错的，请勾选“下级代码一并更正”；下级代码没有错的，请核对新代码。
finding-division-code-taken = 区划代码“{ $found }”在这段时间属于另一个地方
    .remedy = 请核对代码和起止日期；合并或更名的，先结束原来的地方。
finding-import-begins-before-above = 起始日期 { $found } 早于上级的起始日期（{ $expected }）
    .remedy = 请核对两处日期；上级也要提前的，把上级写在同一个文件里。
finding-day-in-future = 日期 { $found } 还没有到
    .remedy = 请在当天或之后登记。
finding-ends-before-it-begins = 截止日期早于开始日期
finding-organisation-name-length = 组织名称要有 1 至 { $expected } 个字
finding-organisation-unknown = 没有这个组织
finding-person-unknown = 没有这个人
    .remedy = 请先登记人员。
finding-person-name-length = 姓名要有 1 至 { $expected } 个字
finding-post-code-form = 岗位代码“{ $found }”只能用小写字母、数字和下划线，最多 40 个字符
finding-item-code-form = 指标代码“{ $found }”只能用小写字母、数字、点、下划线和短横，最多 60 个字符
    .remedy = 请填指标的代码，不填名称；代码见方案。
finding-figure-twice = 同一地方、指标和期间的数据出现了两次
finding-import-figure-twice = 与第 { $first } 行是同一地方、指标和期间
    .remedy = 请只留一条。
finding-import-item-unknown = 没有方案或配置包声明过指标“{ $found }”
    .remedy = 请核对指标代码；确实要用的新指标，先写进方案或配置包。
finding-import-item-unknown-near = 没有方案或配置包声明过指标“{ $found }”，应当是“{ $expected }”吗？
    .remedy = 请填方案里的指标代码。
finding-import-other-unit = 单位是“{ $found }”，应当是 { $expected ->
        [fen] 分
        [yuan] 元
        [wan_yuan] 万元
        [permille] ‰
        [percent] %
        [ratio] 倍
        [mu] 亩
        [hectare] 公顷
        [hour] 小时
        [day] 天
        [year] 年
        [count] 个
        [mark] 分
        [tick] （是 1，否 0）
       *[other] { $expected }
    }
    .remedy = 请换算后再填，或者把单位留空。
finding-import-value-below = { $found } 太小：最小 { $expected } { $unit ->
        [fen] 分
        [yuan] 元
        [wan_yuan] 万元
        [permille] ‰
        [percent] %
        [ratio] 倍
        [mu] 亩
        [hectare] 公顷
        [hour] 小时
        [day] 天
        [year] 年
        [count] 个
        [mark] 分
        [tick] （是 1，否 0）
       *[other] { $unit }
    }
    .remedy = 请核对数值和单位。
finding-import-value-above = { $found } 太大：最大 { $expected } { $unit ->
        [fen] 分
        [yuan] 元
        [wan_yuan] 万元
        [permille] ‰
        [percent] %
        [ratio] 倍
        [mu] 亩
        [hectare] 公顷
        [hour] 小时
        [day] 天
        [year] 年
        [count] 个
        [mark] 分
        [tick] （是 1，否 0）
       *[other] { $unit }
    }
    .remedy = 请核对数值和单位。
finding-import-value-places = { $found } 小数位太多：按 { $unit ->
        [fen] 分
        [yuan] 元
        [wan_yuan] 万元
        [permille] ‰
        [percent] %
        [ratio] 倍
        [mu] 亩
        [hectare] 公顷
        [hour] 小时
        [day] 天
        [year] 年
        [count] 个
        [mark] 分
        [tick] （是 1，否 0）
       *[other] { $unit }
    } 计最多 { $expected } 位
    .remedy = 请按规定的位数填写。
finding-figure-text-length = 文字要有 { $least } 至 { $most } 个字
finding-sheet-empty = 表格是空的
    .remedy = 请核对选择的文件；数据放在第一张有内容的工作表。
finding-sheet-too-large = 表格超过限度：{ $what ->
        [rows] 最多 { $limit } 行
        [columns] 最多 { $limit } 列
        [cells] 最多 { $limit } 格
        [cell] 一格最多 { $limit } 字节
        [bytes] 文件最多 { $limit } 字节
       *[unpacked] 解压后最多 { $limit } 字节
    }
    .remedy = 请删去多余的内容，或分成几个文件导入。
finding-sheet-not-a-table = 这不是表格文件
    .remedy = 请选 Excel 工作簿（.xlsx）或 CSV 文件。
finding-sheet-encoding = 文件的文字编码认不出来
    .remedy = 请另存为“CSV UTF-8”，或存为 .xlsx。
finding-sheet-old-format = 这是旧格式的工作簿（.xls）
    .remedy = 请用表格软件另存为 .xlsx。
finding-sheet-not-a-workbook = 工作簿打不开，可能已损坏
    .remedy = 请用表格软件打开，另存为 .xlsx 后再导入。
finding-sheet-csv = 从这一行起不是 CSV
    .remedy = 请核对引号和逗号，或存为 .xlsx。
finding-import-column-missing = 缺少“{ $expected ->
        [name] 名称
        [code] 区划代码
        [item] 指标
        [period] 期间
        [value] 数值
       *[other] { $expected }
    }”一列
    .remedy = 请在表头补上；表头要在前 10 行内。
finding-import-column-twice = 表头“{ $found }”与前面的一列相同
    .remedy = 请只留一列。
finding-import-column-unknown = 表头“{ $found }”不在导入之列，这一列没有读
finding-import-no-rows = 表头下面没有内容
finding-import-more-findings = 另有 { $count } 处没有列出
    .remedy = 请改好上面各处后再导入。
finding-import-code-twice = 代码“{ $found }”与 { $first } 相同
    .remedy = 请核对，一个代码只能属于一个地方。
finding-import-level-missing = 没有代码的地方要写明级别
    .remedy = 请填 省、市、县、乡镇 或 村。
finding-import-level-unknown = 级别“{ $found }”认不出来
    .remedy = 请填 省、市、县、乡镇 或 村。
finding-import-level-not-the-codes = 级别“{ $found }”与代码不符，按代码应当是{ $expected ->
        [province] 省级
        [city] 市级
        [county] 县级
        [town] 乡镇级
       *[village] 村级
    }
finding-import-parent-missing = “{ $name }”没有代码，要写明上级代码
finding-import-place-twice = “{ $found }”与前面的一行是同一个地方
    .remedy = 请只留一行。
finding-import-place-unknown = 名册中没有“{ $found }”，或不在您办理的范围内
    .remedy = 请核对代码或名称。
finding-import-place-ambiguous = 有 { $count } 个地方叫“{ $found }”
    .remedy = 请填区划代码。
finding-import-name-not-the-codes = 名称“{ $found }”与代码 { $code } 不是同一个地方
    .remedy = 请核对是否错行。
finding-import-period-form = “{ $found }”不是期间
    .remedy = 例如 2026-Q4、2026年第四季度、2026年3月、2026。
finding-import-not-a-number = “{ $found }”不是数
    .remedy = 请用半角数字，不写单位、分节号和“约”；没有数据时留空，并填缺失原因。
finding-import-number-inexact = “{ $found }”不是准确的数，多半是公式算出的
    .remedy = 请在表格中四舍五入到需要的位数（不超过 15 位），再作为数值粘贴。
finding-import-value-or-reason = 数值和缺失原因都没有填
    .remedy = 有数据填数值；没有数据填缺失原因，不要填 0。
finding-import-value-and-reason = 已有数值，又填了缺失原因
    .remedy = 请只留一样。
finding-import-day-form = “{ $found }”不是日期
    .remedy = 请写作 2026-03-31。
finding-import-text-length = 文字最多 { $expected } 个字
finding-import-cell-empty = 这一格不能空着
    .remedy = 请填写。
finding-import-formula-without-value = 这一格是公式，文件里没有算出的结果
    .remedy = 请用 Excel 或 WPS 打开，重新计算并保存后再导入。
finding-import-person-twice = 与第 { $first } 行是同一人、同一地方、同一职务
    .remedy = 请只留一行。
finding-import-post-unknown = 不认识的职务“{ $found }”
    .remedy = 请写书记、副书记、主任、委员、监委会主任、会计、网格员、干事或负责人。
finding-import-phone-form = 电话应是 7 至 15 位数字
    .remedy = 请核对后改正；这里不显示原来的内容。
finding-import-id-as-number = 身份证号被存成了数字，后几位已经丢失
    .remedy = 请把这一列设为“文本”，重新填写完整的号码。
finding-import-id-old = 15 位旧身份证号，已按规则补成 18 位
    .remedy = 请与本人的新证件核对。
finding-import-account-twice = 与第 { $first } 行是同一个登录名
    .remedy = 请改用另一个登录名。
finding-import-organisation-twice = 与第 { $first } 行是同一地方的同名组织
    .remedy = 请只留一行。
finding-import-organisation-kind = 不认识的组织类别“{ $found }”
    .remedy = 请写党组织、村委会、监委会、集体经济组织、站办所、县直部门、合作社或其他。
finding-import-organisation-unknown = 没有名为“{ $found }”的上级组织
    .remedy = 请先登记上级组织，或在同一个文件里写上。
finding-import-organisation-ambiguous = 有几个组织叫“{ $found }”
    .remedy = 请先把名称写全。
finding-organisation-above-itself = 组织不能是自己的上级
    .remedy = 请核对“上级组织”一列。
finding-place-name-characters = 名称里有换行或看不见的字符
    .remedy = 请删去，或检查表格里的引号是否成对。
finding-outline-not-json = 文件不是 JSON，从这里起读不下去
    .remedy = 请用地图软件重新导出 GeoJSON。
finding-outline-not-a-collection = 文件不是 GeoJSON 的 FeatureCollection，而是“{ $found }”
    .remedy = 请导出为 FeatureCollection。
finding-outline-none = 文件里没有要素
finding-outline-too-large = 超过限度：{ $what ->
        [bytes] 最大 { $limit } 字节
        [features] 最多 { $limit } 个要素
        [positions] 最多 { $limit } 个点
       *[corners] 一个轮廓化简后最多 { $limit } 个点
    }，实有 { $found }
    .remedy = 请先在地图软件里化简或分成几个文件。
finding-outline-geometry = 要素是“{ $found }”，应当是面（Polygon 或 MultiPolygon）
finding-outline-shape = 这里是“{ $found }”，应当是{ $expected ->
        [polygons] 面的列表
        [rings] 环的列表
        [ring] 点的列表
       *[position] [经度, 纬度]
    }
finding-outline-coordinate = “{ $found }”不是中国范围内的{ $expected ->
        [longitude] 经度（73 至 136）
       *[latitude] 纬度（3 至 54）
    }
    .remedy = 请核对经纬度的先后和坐标系，单位是度。
finding-outline-ring-short = 一个环至少要 { $expected } 个点，这里只有 { $found } 个
finding-outline-ring-open = 环没有闭合：末点是 { $found }
    .remedy = 首点和末点要相同。
finding-outline-ring-flat = 环的点重合，围不成面
finding-outline-ring-crosses = 环自己与自己相交，交叉处在 { $found } 附近
    .remedy = 请在地图软件里修正后重新导出。
finding-outline-code-missing = 要素没有区划代码
    .remedy = 请在属性里加 code，填 12 位区划代码。
finding-outline-code-twice = 区划代码“{ $found }”在第 { $first } 个要素已经出现过
finding-place-unchanged = 没有改动
    .remedy = 请改名称或填写日期。
