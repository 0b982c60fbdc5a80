# Counts the requests of each user and day of a log in the combined format: mawk -f combined-counts.awk FILE
BEGIN {
  split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names, " ")
  for (month in names) numbers[names[month]] = sprintf("%02d", month)
}
{
  # [03/Oct/2024:05:10:46
  key = $3 "\t" substr($4, 9, 4) "-" numbers[substr($4, 5, 3)] "-" substr($4, 2, 2)
  keys[key]
  if ($9 >= 200 && $9 <= 299) success[key]++
  else failed[key]++
}
END {
  for (key in keys) printf "%s\t%d\t%d\n", key, success[key], failed[key]
}
