# xingcun pack
pack-check-summary = Packs checked: { $packs }. Errors: { $errors }. Other findings: { $others }.
