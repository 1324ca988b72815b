# Makes what go test -v prints fit for people: one line for each package, all
# that a failing package said, and why tests were skipped. Appends the packages'
# lines to the file named by lines, and the three counts to the file named by counts.
#
#	go test -v ./... 2>&1 | awk -v lines=L -v counts=C -f .ci/summary.awk

# A result counts only for a test that was announced, so that one which prints
# another's results (a kit for tests does) is not counted twice.
match($0, /=== RUN   [^ ]+$/) {
	current = substr($0, RSTART + 10)
	running[current] = 1
	next
}
/^=== (CONT|NAME) / {
	current = $3
	next
}
/^=== (PAUSE|ATTR) / || /^PASS$/ || /^FAIL$/ { next }

match($0, /--- (PASS|FAIL|SKIP): [^ ]+ \(/) {
	split(substr($0, RSTART, RLENGTH), part, " ")
	name = part[3]
	if (name in running) {
		delete running[name]
		if (part[2] == "PASS:") passed++
		if (part[2] == "FAIL:") failed++
		if (part[2] == "SKIP:") {
			skipped++
			skips = skips "skipped: " name ": " last[name] "\n"
			next
		}
		if (part[2] == "PASS:") next
	}
}

# go test prints a package at a time and ends each with such a line.
/^(ok  |FAIL|\?   )\t/ || /^FAIL: / {
	if ($1 == "FAIL") {
		for (i = 1; i <= n; i++) print said[i]
		if (!failed_here()) failed++ # it did not build, or died
	} else {
		printf "%s", skips
	}
	print
	print >>lines
	fflush()
	reset()
	next
}

{
	said[++n] = $0
	last[current] = trim($0) # of a test that is skipped, the reason
}

END {
	for (i = 1; i <= n; i++) print said[i]
	print passed + 0, failed + 0, skipped + 0 >counts
}

# failed_here says whether a test of this package was counted as failed.
function failed_here(  was) {
	was = failed_before
	failed_before = failed
	return failed > was
}

function reset() {
	failed_before = failed
	skips = ""
	n = 0
	current = ""
	split("", said)
	split("", last)
	split("", running)
}

function trim(s) {
	sub(/^ +/, "", s)
	return s
}
