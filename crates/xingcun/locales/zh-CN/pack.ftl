# xingcun pack
pack-check-summary = 检查了 { $packs } 个方案包：错误 { $errors } 条，其他提示 { $others } 条
pack-test-summary = 运行了 { $scenarios } 个算例，不一致的单元格 { $differences } 个
pack-diff-item = 指标项
pack-diff-node = 节点
pack-diff-gate = 门槛
pack-diff-band = 等级
pack-diff-whole = 方案
pack-diff-added = + { $part } { $code }
pack-diff-removed = - { $part } { $code }
pack-diff-changed = ~ { $part } { $code }
pack-diff-parts = 不同之处 { $count } 项
pack-diff-subject = { $subject }：得分 { $score }，名次 { $rank }，等级 { $grade }
pack-diff-moved = 共 { $subjects } 个对象：得分变动 { $scores } 个，名次变动 { $ranks } 个，等级变动 { $grades } 个

finding-pack-out-form = 方案不能写成“{ $found }”
    .remedy = 文件名请以 .xlsx 或 .toml 结尾。
finding-pack-scenario-differs = 得到“{ $found }”，应为“{ $expected }”
    .remedy = 请核对方案，或重新计算预期结果。
