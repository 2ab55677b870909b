# 命令行：各子命令共用
console-error = 错误
console-warning = 提醒
console-note = 说明
console-more-findings = 还有 { $count } 条没有列出
