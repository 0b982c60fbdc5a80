# Counts and sums for the same groups as daymark's, without percentiles: mawk -f counts.awk FILE
{
  key = $3 "\t" $1
  sum[key] += $6
  if ($5 >= 200 && $5 <= 299) {
    success[key]++
    successSum[key] += $6
  } else {
    failed[key]++
  }
}
END {
  for (key in sum) {
    requests = success[key] + failed[key]
    printf "%s\t%d\t%d\t%.17g\t%.17g\n", key, success[key], failed[key], sum[key] / requests, 100 * successSum[key] / sum[key]
  }
}
