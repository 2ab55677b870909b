# xingcun score：进度、说明和提示
score-progress-read = 读取数据
score-progress-compute = 计算
score-progress-write = 写出结果

explain-missing = 缺失
explain-score = 总分 { $score }（修约前 { $exact }）
explain-grade = 等次 { $grade }（分数段 { $band } { $range }）
explain-grade-limits = 等次受限于：{ $gates }
explain-rank = 排名 { $rank }/{ $ranked }；{ $group } { $rank_in_group }/{ $ranked_in_group }
explain-tied = 并列：{ $subjects }
explain-node = { $title }（{ $code }）：{ $mark } / 满分 { $full }
explain-before-rounding = 修约和封顶前是 [{ $term }] = { $value }
explain-applied-filled-value = 缺失的数据已按规则补入
explain-applied-filled-mark = 得分缺失，已按规则补入
explain-applied-blocked = 缺失数据，不能计分
explain-applied-awaits-appeal = 缺失数据，等待裁定
explain-applied-zero = 缺失，按 0 计入上级
explain-applied-skipped = 缺失，不参加上级计算
explain-applied-held-below = 下级有待定的数据，本级暂不计分
explain-gates-failed = 未通过的门槛：{ $gates }
explain-source-declared = 申报
explain-source-record = 台账
explain-source-station = 站办所
explain-source-filled = 补入

finding-score-unreadable = 读不到“{ $file }”：{ $reason }
    .remedy = 请检查路径和读取权限。
finding-score-not-written = 写不出“{ $file }”：{ $reason }
    .remedy = 请检查路径、权限和磁盘空间；原有文件没有改变。
finding-score-out-form = 不能写成“{ $found }”
    .remedy = 结果文件以 .csv 或 .json 结尾。
finding-score-explain-unknown = 数据里没有“{ $found }”
    .remedy = 请照抄考核对象那一列的写法。
finding-score-column-absent = 没有名为“{ $expected }”的列
    .remedy = 请加上这一列，不知道的单元格留空。表头现有：{ $found }
finding-score-column-twice = 列“{ $found }”出现了两次
    .remedy = 请删去或改名其中一列。
finding-score-columns-unused = 这些列没有用到：{ $found }
    .remedy = 如果本应用到，请检查列名。
finding-score-row-length = 这一行有 { $found } 个单元格，表头有 { $expected } 个
    .remedy = 请补齐或删去多余的单元格；含逗号的文字要加引号。
finding-score-subject-empty = 考核对象是空的
    .remedy = 请填写，或删去这一行。
finding-score-name-control = 名称里有不能显示的字符：{ $found }
    .remedy = 请重新输入名称。
