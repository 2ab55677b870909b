# 表单、列表、部件
form-problems = 还有 { $count } 处需要改正
form-error-prefix = 错误：
form-left = 还可以写 { $n } 字
form-longest = 最多 { $n } 字
form-file-kept = { $size }，已上传
form-file-failed = 没有传上去，请移除后重新选择
form-file-remove = 移除
list-shown = 第 { $first }–{ $last } 条，共 { $total } 条
list-pages = 页码
list-no-result = 没有找到符合“{ $words }”的内容。
list-reset = 重置筛选
part-print = 打印
part-known = 系统已带入
part-source = 来源：{ $source }
