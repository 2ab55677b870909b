rebuild-table = { $table }：{ $after } 行，与业务记录一致
rebuild-table-differs = { $table }：原有 { $before } 行，按业务记录应为 { $after } 行，内容不一致
rebuild-recounted = { $table }：{ $count } 个已公示的结果按业务记录重新计算
rebuild-result-differs = 重新计算的结果与公示的不一致：{ $what }。公示的结果没有改动，请查明是谁改了记录、何时改的。
rebuild-agrees = 派生表全部与业务记录一致。
rebuild-differs = 有 { $count } 张派生表与业务记录不一致。先查明是谁改的、何时改的，再运行不带 --check 的 rebuild。
rebuild-mended = 有 { $count } 张派生表与业务记录不一致，已按业务记录重建。
