# Command line: a new data folder
setup-done = The data folder { $dir } is ready. One-time tokens of the three administrators follow, one for each person. Once the server runs, each sets a password within 30 minutes at { $address } (also linked from the sign-in page):
setup-token = { $role } (sign-in name { $name }): { $token }
setup-next = Run the server: xingcun serve --dir { $dir }
# xingcun token
token-issued = One-time token of { $name }, to be used within 30 minutes at /set-password: { $token }
token-not-issued = No token was issued.
