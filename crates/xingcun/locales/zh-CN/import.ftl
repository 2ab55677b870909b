# 命令行：导入
import-places-done = 新增 { $added } 个，变更 { $changed } 个，不变 { $unchanged } 个
import-figures-done = 登记 { $recorded } 条
finding-cli-user-unknown = 没有登录名为“{ $found }”的账号
    .remedy = 请用 --as 写已有账号的登录名。
