rebuild-table = { $table }: { $after } rows, as the record says
rebuild-table-differs = { $table }: it held { $before } rows, the record says { $after }, and they differ
rebuild-agrees = All derived tables are what the record says.
rebuild-differs = Not as the record says: { $count } derived tables. Find out who changed them and when; then run rebuild without --check.
rebuild-mended = Not as the record said, and filled again from it: { $count } derived tables.
