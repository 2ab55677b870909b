# 留痕核验的结论：哪里不对，怎样处理
finding-journal-not-an-export = 这不是导出的留痕文件
    .remedy = 请选择由 xingcun journal export 导出的文件。
finding-journal-not-read = 文件读不下去：{ $why ->
        [not-text] 其中有不是文字的内容
        [cut] 文件不完整
        [permission] 没有读取的权限
        [gone] 文件已经不在
       *[device] 存储设备出错
    }
    .remedy = 请检查存储介质，换一份拷贝再核验。
finding-journal-line = 第 { $line } 行无法辨认
    .remedy = 文件可能在传送中损坏，请重新导出后再核验。
finding-journal-cut-short = 文件不完整，没有结束行
    .remedy = 请重新导出或重新拷贝，再核验。
finding-journal-after-end = 结束行之后还有内容
    .remedy = 请重新导出后再核验，并查明这些内容由谁添加。
finding-journal-count = 结束行写明 { $expected } 条留痕，实有 { $found } 条
    .remedy = 请重新导出后再核验，并查明差额。
finding-journal-other-origin = 这是“{ $found }”的留痕，公钥属于“{ $expected }”
    .remedy = 请使用同一套系统、同一地区的文件和公钥。
finding-journal-checkpoint-unreadable = { $kept ->
        [yes] 留存的检查点无法辨认
       *[no] 文件中有一个检查点无法辨认
    }
    .remedy = 请对照公开页面或纸质报告上的检查点，逐字核对。
finding-journal-checkpoint-of-another = { $kept ->
        [yes] 留存的检查点（{ $size } 条）属于另一份留痕
       *[no] 文件中的检查点（{ $size } 条）属于另一份留痕
    }
    .remedy = 请查明它为何出现在这里。
finding-journal-checkpoint-not-signed = { $kept ->
        [yes] 留存的检查点（{ $size } 条）不是用这把密钥签的
       *[no] 文件中的检查点（{ $size } 条）不是用这把密钥签的
    }
    .remedy = 请确认公钥无误；无误则该检查点被调换。
finding-journal-checkpoint-false-signature = { $kept ->
        [yes] 留存的检查点（{ $size } 条）签名不符
       *[no] 文件中的检查点（{ $size } 条）签名不符
    }
    .remedy = 检查点的内容在签名后被改动，请以外部留存的为准。
finding-journal-leaf-changed = 第 { $number } 条留痕在编号后被改动（现记时间 { $time }，操作 { $name }，编号 { $command }）
    .remedy = 请封存数据库，与备份中的同一条对照，查明何人何时改动。
finding-journal-leaf-garbled = 第 { $number } 条留痕在编号后被改动，内容已无法辨认
    .remedy = 请封存数据库，与备份中的同一条对照，查明何人何时改动。
finding-journal-leaf-unreadable = 第 { $number } 条留痕的内容无法辨认
    .remedy = 请封存数据库，与备份中的同一条对照。
finding-journal-leaf-of-another-tenant = 第 { $number } 条留痕属于另一地区 { $tenant }（时间 { $time }，操作 { $name }，编号 { $command }）
    .remedy = 请封存数据库，查明它为何出现在这里。
finding-journal-command-twice = 第 { $number } 条留痕重复了一项已有的操作（时间 { $time }，操作 { $name }，编号 { $command }）
    .remedy = 同一操作只能留痕一次，请查明何人添加。
finding-journal-order = 第 { $number } 条留痕不在其位，此处应为第 { $expected } 条
    .remedy = 请封存数据库，查明何人插入或调换。
finding-journal-gap = 缺第 { $from } 至 { $to } 条留痕，共 { $count } 条；缺口之前一条的时间是 { $before }
    .remedy = 请封存数据库，从备份中找回这些留痕，查明何人删除。
finding-journal-stretch-changed = 第 { $number } 至 { $until } 条留痕中有改动：与已签名的检查点（{ $size } 条）不符，这一段从 { $time } 的 { $name }（编号 { $command }）开始
    .remedy = 请封存数据库，与备份逐条对照这一段；用 --against 可指出被改的业务记录。
finding-journal-fork = { $kept ->
        [yes] 留存的检查点（{ $size } 条）与现有留痕不符，而现有留痕另有签名：历史被改写后重新签过名，或数据库曾被旧版本替换
       *[no] 文件中的检查点（{ $size } 条）与现有留痕不符，而现有留痕另有签名：同一密钥签过两种历史
    }
    .remedy = 请以外部留存的检查点为准，封存数据库和密钥，查明经过。根值：{ $root }
finding-journal-tail-missing = 末尾缺 { $missing } 条留痕：检查点签到 { $expected } 条，实有 { $found } 条
    .remedy = 请封存数据库，从备份中找回末尾的留痕，查明何人删除。
finding-journal-older = 留存的检查点已到 { $expected } 条，这里只有 { $found } 条：末尾 { $missing } 条连同检查点被删去，或数据库被换成了旧的
    .remedy = 请确认导出在检查点之后；确认无误则从备份恢复并查明经过。
finding-journal-no-checkpoint = 没有任何签名的检查点，只能看出文件自相一致
    .remedy = 请用 --checkpoint 给出公开页面或纸质报告上的检查点。
finding-journal-uncovered = 最后 { $count } 条留痕尚未被检查点覆盖
    .remedy = 系统会在十分钟内签出下一个检查点，届时可再核验。
finding-journal-more = 另有 { $count } 处未逐一列出
    .remedy = 请先处理以上各处，再核验一次。
finding-journal-row-changed = 表 { $table } 中的记录（{ $row }）被绕过系统改动；它由第 { $number } 条留痕写入（{ $time }，操作 { $name }，编号 { $command }）
    .remedy = 请封存数据库，与备份中的同一记录对照，查明何人何时改动。
finding-journal-row-deleted = 表 { $table } 中的一条记录被绕过系统删除：第 { $number } 条留痕（{ $time }，操作 { $name }，编号 { $command }）所写的第 { $row } 条
    .remedy = 请封存数据库，从备份中找回该记录，查明何人何时删除。
finding-journal-row-added = 表 { $table } 中的记录（{ $row }）被绕过系统添加，并冒用第 { $number } 条留痕的操作（{ $time }，操作 { $name }，编号 { $command }）
    .remedy = 请封存数据库，查明何人何时添加。
finding-journal-row-without-leaf = 表 { $table } 中的记录（{ $row }）没有留痕：从未有过编号为 { $command } 的操作
    .remedy = 请封存数据库，查明何人何时添加。
finding-journal-table-missing = 数据库中没有表 { $table }，而留痕表明其中写过 { $count } 条记录
    .remedy = 请确认数据库与留痕属于同一套系统；确认无误则从备份恢复。
finding-journal-later = 有 { $count } 项操作晚于这份导出，其记录未参与对照
    .remedy = 如需对照，请重新导出。
