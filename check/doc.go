// Package check judges aspects of a system.
//
// A [Check] examines a system and returns a [Result]. Most checks consist of a fact, from package
// inventory or a package below it, and a function that tells a [Verdict] what is good and what is
// bad:
//
//	var OnlyRootIsUID0 = check.Of(passwd.Fact, func(v *check.Verdict, users []passwd.User) {
//		for _, u := range users {
//			e := check.Evidence{Position: u.Position, Subject: u.Name, Want: "a user ID above 0", Got: strconv.Itoa(int(u.UID))}
//			v.Judge(u.UID != 0 || u.Name == "root", e)
//		}
//	})
//
// A check that needs several facts is a [Func]. The packages below this one provide ready-made
// checks. Each is a struct of arguments with a method that returns the check:
//
//	c, err := ssh.Directive{Name: "PermitRootLogin", Accept: setting.Accept{Want: []string{"no"}}}.Check()
//
// A [Rule] describes one check of a baseline: its ID, its meaning, and an [Expr] that says what to
// check. A rule is data. Package kind compiles it to a [Compiled] rule, and [Run] applies many
// compiled rules to a system at once. [All], [Any], [Not] and [When] combine checks, and so does a
// custom [Table].
//
// # Results
//
// A [Status] is one of the results of XCCDF 1.2 (NIST IR 7275r4, table 26). Its zero value is
// Unknown. A check never passes on data that could not be read or parsed. The runner tracks the
// reads of each check: if one of them failed, it replaces a Pass or NotApplicable by the status of
// that failure, even if the check ignored the error. A check with a fallback that makes a failed
// read harmless calls inventory.System.Excuse.
//
// Errors become a status as follows. Of joined errors, the most severe one counts.
//
//	inventory.ErrAbsent                                    NotApplicable
//	ErrNotLive, ErrUnavailable, ErrExcluded, permission    Unknown, with the reason
//	ErrLimit, ErrTimeout, the end of the context           Unknown, with the reason
//	all else, a missing file included                      Error
//
// Every verdict carries evidence. A Fail lists the violations, a Pass a sample of what was
// examined, and NotApplicable what was searched for and not found. Evidence names the location, the
// collector and the method. Its amount is limited.
//
// Truth tables combine results. They evaluate all parts, so the order of checks does not matter:
//
//	All  Fail if a part fails; else the first of Error, Unknown, NotChecked, Pass that a part has; else NotApplicable
//	Any  Pass if a part passes; else the first of Error, Unknown, NotChecked, Fail that a part has; else NotApplicable
//	Not  swaps Pass and Fail
//	When examines the second check if the condition passes; a condition that is Fail or NotApplicable gives NotApplicable
package check
