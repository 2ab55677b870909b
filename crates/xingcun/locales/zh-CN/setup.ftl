# 命令行：新建数据目录
setup-done = 数据目录 { $dir } 已建好。三员的一次性口令如下，30 分钟内在登录页“设置密码”处使用，各交一人：
setup-token = { $role }（登录名 { $name }）：{ $token }
setup-next = 启动服务：xingcun serve --dir { $dir }
