# 命令行：新建数据目录
setup-done = 数据目录 { $dir } 已建好。三员的一次性口令如下，各交一人。服务启动后，30 分钟内用它在 { $address } 设置密码（登录页也有“用一次性口令设置密码”）：
setup-token = { $role }（登录名 { $name }）：{ $token }
setup-next = 启动服务：xingcun serve --dir { $dir }
# xingcun token
token-issued = { $name } 的一次性口令，30 分钟内在登录页“设置密码”处使用：{ $token }
token-not-issued = 没有签发口令。
