# 命令行：导入
import-places-done = 新增 { $added } 个，变更 { $changed } 个，不变 { $unchanged } 个
import-organisations-done = 新增组织 { $added } 个，变更 { $changed } 个，不变 { $unchanged } 个
import-people-done = 新增人员 { $added } 名，变更 { $changed } 名，不变 { $unchanged } 名
import-accounts-done = 开设账号 { $added } 个，原有 { $unchanged } 个；密码请在网页“账号”中发放激活单
import-marked = 已标出有问题的格子：{ $path }
finding-import-file-too-large = 文件超过 { $expected } MB
    .remedy = 请拆成几个文件导入。
import-figures-done = 登记 { $recorded } 条
finding-cli-user-unknown = 没有登录名为“{ $found }”的账号
    .remedy = 请用 --as 写已有账号的登录名。
