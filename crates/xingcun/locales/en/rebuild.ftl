rebuild-table = { $table }: { $after } rows, as the record says
rebuild-table-differs = { $table }: it held { $before } rows, the record says { $after }, and they differ
rebuild-recounted = { $table }: { $count } posted results computed again from the record
rebuild-result-differs = What is computed now is not what was posted: { $what }. The posted result was not changed; find out who changed the record and when.
rebuild-agrees = All derived tables are what the record says.
rebuild-differs = Not as the record says: { $count } derived tables. Find out who changed them and when; then run rebuild without --check.
rebuild-mended = Not as the record said, and filled again from it: { $count } derived tables.
