# xingcun journal
journal-exported = 已导出 { $leaves } 条留痕和 { $checkpoints } 个检查点，文件 { $file }
journal-public-key = 公钥（核验时用 --key 给出）：
journal-newest-checkpoint = 最新的检查点（请交他人留存，核验时用 --checkpoint 给出）：
journal-sizes = 留痕 { $origin }：共 { $leaves } 条，其中前 { $proven } 条有签名的检查点为证
journal-root = 根值 { $root }
journal-checkpoint = 检查点 { $size } 条，根值 { $root }，{ $kept ->
        [yes] 外部留存
       *[no] 文件自带
    }，{ $agrees ->
        [yes] 相符
        [no] 不符
       *[unknown] 无从比较
    }
journal-rows = 对照业务记录 { $rows } 行
journal-first-bad = 最早出问题的是第 { $number } 条：{ $time }，操作 { $name }，编号 { $command }
journal-first-stretch = 最早出问题的在第 { $number } 至 { $until } 条之间，这一段从 { $time } 的 { $name }（编号 { $command }）开始
journal-holds = 核验通过。
journal-does-not-hold = 核验不通过。
