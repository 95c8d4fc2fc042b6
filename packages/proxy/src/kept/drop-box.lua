-- ARGV: organisation, name
return drop(ARGV[1], ARGV[2])
