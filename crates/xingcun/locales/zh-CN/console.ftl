# 命令行：各子命令共用
console-error = 错误
console-warning = 提醒
console-note = 说明
console-more-findings = 还有 { $count } 条没有列出
# 演示数据
demo-places = 正在准备演示数据：村镇和组织
demo-people = 正在准备演示数据：人员、账号和授权
demo-round = 正在准备演示数据：{ $period }的考核
# 数据目录不能用
folder-already-set-up = { $path } 已经建好，请换一个空目录。
folder-not-set-up = { $path } 还没有建好，请先运行：xingcun setup --dir { $path }
folder-locked = { $path } 正被另一个 xingcun 进程使用，请先停止它。
folder-demonstration = { $path } 是演示目录，不能作为正式系统运行。请用：xingcun demo --dir { $path }
folder-config = 配置 { $path } 有错：{ $why }
folder-io = 读写 { $path } 时出错：{ $why }
