# xingcun pack
pack-check-summary = 检查了 { $packs } 个方案包：错误 { $errors } 条，其他提示 { $others } 条
