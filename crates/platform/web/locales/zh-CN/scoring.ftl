# 计分规则和得分由来的文字

score-rule-tier-table = 按“{ $value }”分段计分（单位：{ $unit }）
score-tier = { $range }：{ $mark } 分
score-rule-interpolation = “{ $value }”从 { $origin } 到目标“{ $target }”，按比例得 { $mark_at_origin } 至 { $mark_at_target } 分
score-target-changed-latest = 目标变动时按最后的目标
score-target-changed-first = 目标变动时按最初的目标“{ $first }”
score-target-changed-by-days = 目标变动时按天数加权：“{ $first }”{ $days_before } 天，其后 { $days_after } 天
score-over-target-cap = 超过目标不再加分
score-over-target-extend = 超过目标按同样比例加分
score-below-origin-floor = 低于起点按起点计
score-below-origin-extend = 低于起点按同样比例扣分
score-target-missing-missing = 没有目标：视为缺失
score-target-missing-zero = 没有目标：0 分
score-target-missing-full = 没有目标：满分
score-target-zero-missing = 目标等于起点：视为缺失
score-target-zero-zero = 目标等于起点：0 分
score-target-zero-full = 目标等于起点：满分
score-rule-ratio = “{ $numerator }”占“{ $denominator }”的比率
score-denominator-zero-missing = 分母为 0：视为缺失
score-denominator-zero-zero = 分母为 0：0 分
score-denominator-zero-full = 分母为 0：满分
score-over-one-cap = 超过 100% 按 100% 计
score-over-one-keep = 超过 100% 照算
score-over-one-refuse = 超过 100% 不予认可
score-rule-goalpost-linear = “{ $value }”在下限 { $low } 与上限 { $high } 之间按比例计分
score-rule-goalpost-logarithmic = “{ $value }”在下限 { $low } 与上限 { $high } 之间按对数计分
score-not-positive-missing = 不大于 0：视为缺失
score-not-positive-low = 不大于 0：按下限计
score-not-positive-refuse = 不大于 0：不予认可
score-below-truncate = 低于下限按下限计
score-below-extend = 低于下限照算
score-below-refuse = 低于下限不予认可
score-above-truncate = 高于上限按上限计
score-above-extend = 高于上限照算
score-above-refuse = 高于上限不予认可
score-better-higher = 越高越好
score-better-lower = 越低越好
score-rule-roll-up-sum = 下级得分相加
score-rule-roll-up-weighted-mean = 下级加权平均
score-rule-roll-up-mean = 下级平均
score-rule-roll-up-geometric-mean = 下级几何平均
score-rule-roll-up-weighted-geometric-mean = 下级加权几何平均
score-rule-roll-up-minimum = 取最低的下级
score-rule-roll-up-maximum = 取最高的下级
score-rule-roll-up-best-sum = 最好几项相加
score-rule-roll-up-best-mean = 最好几项平均
score-rule-roll-up-product = 下级相乘
score-basis-mark = 按得分汇总
score-basis-share = 按得分率汇总
score-weights-total = 权重合计 { $total }
score-zeros-zero = 有下级为 0：结果为 0
score-zeros-skip = 为 0 的下级不参加
score-zeros-missing = 有下级为 0：视为缺失
score-zeros-floor = 为 0 的下级按 { $floor } 计
score-best-use-present = 取最好的 { $count } 项，不足时有几项取几项
score-best-missing = 取最好的 { $count } 项，不足时视为缺失
score-skipped-re-weight = 缺项的权重由其他项分担
score-skipped-leave-out = 缺项的权重不由其他项分担
score-availability-none = 不要求有数的比例
score-availability-count = 有数的下级按个数{ $too_little ->
        [below] 低于
       *[at-or-below] 不高于
    } { $percent }% 时视为缺失
score-availability-weight = 有数的下级按权重{ $too_little ->
        [below] 低于
       *[at-or-below] 不高于
    } { $percent }% 时视为缺失
score-rule-formula = 公式：{ $expression }
score-cap = 最高 { $cap } 分
score-floor = 最低 { $floor } 分
score-missing-block = 缺失：不能提交
score-missing-appeal = 缺失：待裁定，暂不计分
score-missing-zero = 缺失：按 0 计，显示为缺失
score-missing-skip = 缺失：不参加汇总
score-missing-group-minimum-value = 缺失的数据按{ $among ->
        [group] 本组
       *[all] 全部对象的
    }最低值补
score-missing-group-minimum-mark = 缺失的得分按{ $among ->
        [group] 本组
       *[all] 全部对象的
    }最低分补
score-missing-group-mean-value = 缺失的数据按{ $among ->
        [group] 本组
       *[all] 全部对象的
    }平均值补
score-missing-group-mean-mark = 缺失的得分按{ $among ->
        [group] 本组
       *[all] 全部对象的
    }平均分补
score-missing-last-value = 缺失的数据按最近一次的数补
score-gate-zero = 门槛“{ $gate }”：“{ $value }”须符合“{ $passes }”，否则计 0 分
score-gate-cap = 门槛“{ $gate }”：“{ $value }”须符合“{ $passes }”，否则最高 { $cap } 分
score-gate-grade-limit = 门槛“{ $gate }”：“{ $value }”须符合“{ $passes }”，否则等次最高为“{ $grade }”
score-gate-tested-declared = 门槛检验申报值
score-gate-tested-verified = 门槛检验核定值
score-gate-missing-pass = 没有数据视为通过
score-gate-missing-fail = 没有数据视为未通过
score-rule-stepped-add = “{ $value }”以 { $base } 为基数：基数处得 { $mark_at_base } 分，每多 { $step }（{ $unit }）得 { $mark_per_step } 分
score-part-steps-whole = 只计整档
score-part-steps-begun = 不足一档按一档计
score-part-steps-proportional = 不足一档按比例计
score-below-base-floor = 低于基数按基数计
score-below-base-extend = 低于基数反向计档
score-rule-deduction = 起始 { $start } 分，“{ $value }”每发生一次扣 { $per_occurrence } 分
score-verified-events = 只计经核实的事项，扣分须核实责任在本对象：仅有投诉不扣分
score-dated-by-occurred = 计入发生日所在的周期
score-dated-by-discovered = 计入发现或报送日所在的周期
score-dated-by-ruled = 计入认定日所在的周期
score-revoked-drop = 撤销的不再计
score-revoked-keep = 撤销的在原周期仍计
score-same-fact-highest-only = 同一事实多处可计的，只按最高的一处计
score-same-fact-each = 同一事实多处可计的，此处也计
score-repeat-none = 重复发生不加重
score-repeat-from = 第 { $from } 次起每次按 { $times } 倍计
score-rule-bonus = 经核实的加分事项
score-rule-penalty = 经核实的减分事项
score-carry-none = 往期事项不再计
score-carry-share = 上一周期的分按 { $share } 的比例继续计
score-several-all = 类别“{ $class }”：各项相加
score-several-highest-level = 类别“{ $class }”：只计最高一级的全部事项
score-several-highest-once = 类别“{ $class }”：只计最高一级一次
score-class-cap = 类别“{ $class }”：最多 { $cap } 分
score-entry = “{ $value }”：每次 { $mark } 分{ $same_fact ->
        [highest-only] ，同一事实只计一次
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] ，与他方共有的按 { $joint_share } 计
    }
score-entry-with-cap = “{ $value }”：每次 { $mark } 分，最多 { $cap } 分{ $same_fact ->
        [highest-only] ，同一事实只计一次
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] ，与他方共有的按 { $joint_share } 计
    }
score-entry-in-class = “{ $value }”（类别“{ $class }”）：每次 { $mark } 分{ $same_fact ->
        [highest-only] ，同一事实只计一次
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] ，与他方共有的按 { $joint_share } 计
    }
score-entry-in-class-with-cap = “{ $value }”（类别“{ $class }”）：每次 { $mark } 分，最多 { $cap } 分{ $same_fact ->
        [highest-only] ，同一事实只计一次
       *[each] { "" }
    }{ $joint ->
        [whole] { "" }
       *[part] ，与他方共有的按 { $joint_share } 计
    }
score-rule-growth-relative = “{ $value }”比“{ $base }”增长的百分比：{ $zero_at } 得 0 分，{ $full_at } 得满分
score-rule-growth-absolute = “{ $value }”比“{ $base }”增长的数额：{ $zero_at } 得 0 分，{ $full_at } 得满分
score-base-restated-original = 基期数按最初的口径
score-base-restated-restated = 基期数有调整的按调整后的
score-below-growth-floor = 低于该增长得 0 分
score-below-growth-extend = 低于该增长继续减分
score-base-missing-missing = 无基期数：缺失
score-base-missing-zero = 无基期数：0 分
score-base-missing-full = 无基期数：满分
score-base-zero-missing = 基期为 0：缺失
score-base-zero-zero = 基期为 0：0 分
score-base-zero-full = 基期为 0：满分
score-base-negative-missing = 基期为负：缺失
score-base-negative-zero = 基期为负：0 分
score-base-negative-full = 基期为负：满分
score-base-negative-magnitude = 基期为负：按其绝对值比较
score-level-none = 只看增长，不看水平
score-level-better = 增长与“{ $value }”取高的计
score-rule-checklist-equal = 清单完成的比例
score-rule-checklist-weighted = 清单按权重完成的比例
score-partial-share = 部分完成按比例计
score-partial-nothing = 部分完成不计
score-partial-refuse = 不接受部分完成
score-blank-unticked = 没有填写的按未完成计
score-blank-missing = 没有填写的按缺失计
score-not-applicable-never = 每一项都适用
score-not-applicable-leaves = 不适用的项不计入分母
score-not-applicable-ticked = 不适用的项按完成计
score-nothing-applies-missing = 全部不适用：缺失
score-nothing-applies-zero = 全部不适用：0 分
score-nothing-applies-full = 全部不适用：满分
score-must-missed-zero = 必备项未完成：0 分
score-must-missed-cap = 必备项未完成：最多 { $cap } 分
score-tick = “{ $value }”
score-tick-must = “{ $value }”，必备
score-tick-weighted = “{ $value }”，权重 { $weight }
score-tick-weighted-must = “{ $value }”，权重 { $weight }，必备
score-rule-round-composite-mean = 各轮平均
score-rule-round-composite-weighted = 各轮加权平均
score-rule-round-composite-latest = 最近一轮
score-rule-round-composite-best = 最好的一轮
score-corrected-recompute = 更正过的一轮按更正后计
score-corrected-keep = 更正过的一轮按首次定稿计
score-missing-round-skip = 缺的一轮由其余各轮分担权重
score-missing-round-zero = 缺的一轮计 0 分
score-missing-round-missing = 缺一轮即缺失
score-rounds-at-least = 至少要有 { $count } 轮
score-round-of = “{ $value }”，满分 { $full }
score-round-of-weight = “{ $value }”，满分 { $full }，权重 { $weight }
score-round-exact = 修约：不修约
score-round-places = 修约：{ $places } 位小数，{ $mode ->
        [half-up] 四舍五入
        [half-even] 四舍六入五成双
        [half-down] 五舍六入
        [up] 进位
        [down] 舍去
        [ceiling] 向上取
       *[floor] 向下取
    }
score-round-value-exact = 查表前修约：不修约
score-round-value-places = 查表前修约：{ $places } 位小数，{ $mode ->
        [half-up] 四舍五入
        [half-even] 四舍六入五成双
        [half-down] 五舍六入
        [up] 进位
        [down] 舍去
        [ceiling] 向上取
       *[floor] 向下取
    }
score-round-growth-exact = 百分比修约：不修约
score-round-growth-places = 百分比修约：{ $places } 位小数，{ $mode ->
        [half-up] 四舍五入
        [half-even] 四舍六入五成双
        [half-down] 五舍六入
        [up] 进位
        [down] 舍去
        [ceiling] 向上取
       *[floor] 向下取
    }
score-percent-exact = 百分比修约：不修约
score-percent-places = 百分比修约：{ $places } 位小数，{ $mode ->
        [half-up] 四舍五入
        [half-even] 四舍六入五成双
        [half-down] 五舍六入
        [up] 进位
        [down] 舍去
        [ceiling] 向上取
       *[floor] 向下取
    }
score-round-logarithm-exact = 对数修约：不修约
score-round-logarithm-places = 对数修约：{ $places } 位小数，{ $mode ->
        [half-up] 四舍五入
        [half-even] 四舍六入五成双
        [half-down] 五舍六入
        [up] 进位
        [down] 舍去
        [ceiling] 向上取
       *[floor] 向下取
    }
score-missing-mean-round-exact = 平均数修约：不修约
score-missing-mean-round-places = 平均数修约：{ $places } 位小数，{ $mode ->
        [half-up] 四舍五入
        [half-even] 四舍六入五成双
        [half-down] 五舍六入
        [up] 进位
        [down] 舍去
        [ceiling] 向上取
       *[floor] 向下取
    }

score-constant-operand = 方案给定的数
score-constant-cap = 上限
score-constant-floor = 下限
score-constant-full = 满分
score-constant-full-of-all = 全部下级满分之和
score-constant-full-of-present = 有数下级满分之和
score-constant-gate-cap = 门槛未过，最高得分
score-constant-gate-zero = 门槛未过，计 0 分
score-constant-high = 上限
score-constant-low = 下限
score-constant-hundred = 100
score-constant-hundredth = 百分之一
score-constant-left-out = 不参加的下级按 1 计
score-constant-mark-at-origin = 起点得分
score-constant-mark-at-target = 目标得分
score-constant-mark-without-denominator = 分母为 0 时的得分
score-constant-mark-without-target = 没有目标时的得分
score-constant-missing-as-zero = 缺失，按 0 计
score-constant-filled-mark = 缺失，按规则补入的得分
score-constant-unit-factor = 单位换算系数
score-constant-weights-sum = 权重之和
score-constant-zero-floor = 代替 0 的数
score-constant-children-count = 下级个数
score-constant-best-count = 取最好的个数
score-constant-best-used = 实际取的个数
score-constant-best-wanted = 应取的个数
score-constant-common-full = 满分的公倍数

score-of-node-weight = 权重
score-of-node-cofactor = 满分换算倍数

score-step-best-sum = 最好几项之和
score-step-child-adjusted = 换算后的下级得分
score-step-child-times-weight = 下级得分 × 权重
score-step-children-product = 下级得分之积
score-step-children-sum = 下级得分之和
score-step-days = 天数合计
score-step-divisor = 除数
score-step-full-times-done = 满分 × 已完成部分
score-step-full-times-numerator = 满分 × 分子
score-step-geometric-mean = 几何平均
score-step-goalpost-done = 离下限（或上限）的距离
score-step-goalpost-mark = 下限与上限之间的得分
score-step-goalpost-way = 下限与上限之间的距离
score-step-hundred-times-numerator = 100 × 分子
score-step-ln-value = 数据的自然对数
score-step-ln-low = 下限的自然对数
score-step-ln-high = 上限的自然对数
score-step-ln-value-rounded = 修约后的数据对数
score-step-ln-low-rounded = 修约后的下限对数
score-step-ln-high-rounded = 修约后的上限对数
score-step-mark-capped = 不超过目标得分
score-step-mark-floored = 不低于起点得分
score-step-mark-for-way = 按完成比例的得分
score-step-mark-from-origin = 加上起点得分
score-step-mark-span = 目标得分与起点得分之差
score-step-node-cap = 不超过上限
score-step-node-floor = 不低于下限
score-step-node-rounding = 修约
score-step-percent = 百分比
score-step-percent-rounded = 修约后的百分比
score-step-percent-times-full = 百分比 × 满分
score-step-ratio-capped = 不超过 100%
score-step-ratio-mark = 比率得分
score-step-rolled-up = 汇总得分
score-step-sum-re-weighted = 缺项的满分由其他项分担
score-step-sum-times-full = 得分之和 × 全部满分
score-step-sum-times-wanted = 得分之和 × 应取个数
score-step-target-by-days = 按天数加权的目标
score-step-target-days = 目标 × 天数
score-step-target-days-sum = 目标 × 天数之和
score-step-tier-mark = 分段得分
score-step-times-full = × 满分
score-step-truncated-to-low = 低于下限，按下限计
score-step-truncated-to-high = 高于上限，按上限计
score-step-value-in-unit = 换算单位后的数据
score-step-value-rounded = 修约后的数据
score-step-way = 起点到目标的距离
score-step-way-done = 已完成的距离
score-step-way-times-mark = 已完成的距离 × 分差
score-step-weighted-sum = 加权和
score-step-greatest-child = 最高的下级得分
score-step-least-child = 最低的下级得分
score-step-formula = 公式

score-constant-step = 一档的大小
score-constant-mark-at-base = 基数处的分
score-constant-mark-per-step = 每档的分
score-constant-joint-share-lost = 共有事项不计的比例
score-constant-mark-without-occurrences = 未发生时的分
score-constant-marks-per-occurrence = 每次扣的分
score-constant-occurrences-before-repeat = 计为重复之前的次数
score-constant-marks-more-for-repeat = 重复的每次多扣的分
score-constant-carry-share = 上一周期继续计的比例
score-constant-nothing-off = 0
score-constant-no-events = 无事项
score-constant-once = 一次
score-constant-class-cap = 类别上限
score-constant-entry-cap = 该情形上限
score-constant-marks-per-event = 每次的分
score-constant-zero = 0
score-constant-growth-zero-at = 得 0 分的增长
score-constant-growth-full-at = 得满分的增长
score-constant-mark-without-base = 没有可用基期数时的分
score-constant-mark-where-nothing-applies = 全部不适用时的分
score-constant-must-missed-limit = 必备项未完成时的上限
score-constant-blank-tick = 没有填写：按未完成
score-constant-tick-not-applicable = 不适用：按完成计
score-constant-one-tick = 一项
score-constant-tick-weight = 该项的权重
score-constant-partial-tick = 部分完成：0
score-constant-missing-round = 缺的一轮：0
score-constant-round-weight = 该轮的权重
score-constant-rounds-count = 轮数
score-constant-full-of-round = 该轮的满分

score-step-base-in-unit = 换算后的基数
score-step-over-base = 超过基数
score-step-steps = 档数
score-step-steps-counted = 计入的档数
score-step-marks-for-steps = 各档的分
score-step-over-times-mark = 超过基数 × 每档的分
score-step-mark-with-steps = 连同各档的分
score-step-events-with-revoked = 连同已撤销的
score-step-events-without-repeated = 除去别处已计的
score-step-joint-lost = 共有事项不计的部分
score-step-events-with-joint = 共有事项按比例计
score-step-marks-off = 扣分
score-step-occurrences-repeated = 重复的次数
score-step-marks-off-repeated = 重复的多扣的分
score-step-marks-off-in-all = 共扣
score-step-mark-after-deduction = 扣后的分
score-step-events-carried = 上一周期继续计的分
score-step-events-with-carried = 连同上一周期继续计的
score-step-penalty = 减分
score-step-events-marks = 各情形的分合计
score-step-class-marks = 类别的分
score-step-events-once = 只计一次
score-step-class-capped = 不超过类别上限
score-step-entry-capped = 不超过该情形上限
score-step-entry-marks = 该情形的分
score-step-better-of-level = 增长与水平取高
score-step-growth-difference = 比基期的差
score-step-hundred-times-difference = 100 × 差
score-step-growth-percent = 增长百分比
score-step-growth-rounded = 增长（修约后）
score-step-base-magnitude = 基期数的绝对值
score-step-growth-way = 从 0 分到满分的增长
score-step-growth-way-done = 超过 0 分的增长
score-step-mark-for-growth = 按增长的分
score-step-ticked-weight = 已完成
score-step-tick-weights = 适用的全部
score-step-full-times-ticked = 满分 × 已完成
score-step-checklist-mark = 清单的分
score-step-must-missed = 因必备项未完成限分
score-step-tick-times-weight = 完成 × 权重
score-step-round-times-weight = 该轮 × 权重
score-step-best-round = 最好的一轮
score-step-rounds-sum = 各轮合计
score-step-round-weights = 权重合计
score-step-rounds-mean = 各轮平均
score-step-round-times-full = 该轮 × 满分
score-step-round-scaled = 折算后的该轮
