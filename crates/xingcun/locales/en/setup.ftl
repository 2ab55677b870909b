# Command line: a new data folder
setup-done = The data folder { $dir } is ready. One-time tokens of the three administrators, to be used within 30 minutes at /set-password, one for each person:
setup-token = { $role } (sign-in name { $name }): { $token }
setup-next = Run the server: xingcun serve --dir { $dir }
