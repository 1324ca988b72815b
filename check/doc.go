// Package check judges aspects of a system.
//
// A [Check] looks at a system and returns a [Result]. Most are made from a fact of
// package inventory or one of its formats, and a function that tells a [Verdict] what
// is good and what is bad about it:
//
//	var OnlyRootIsUID0 = check.Of(passwd.Fact, func(v *check.Verdict, users []passwd.User) {
//		for _, u := range users {
//			e := check.Evidence{Position: u.Position, Subject: u.Name, Want: "a user ID above 0", Got: strconv.Itoa(int(u.UID))}
//			v.Judge(u.UID != 0 || u.Name == "root", e)
//		}
//	})
//
// One that asks several facts is a [Func]. The packages below have ready-made checks: structs of
// arguments that make a check,
//
//	c, err := ssh.Directive{Name: "PermitRootLogin", Accept: setting.Accept{Want: []string{"no"}}}.Check()
//
// A [Rule] is what a baseline says of one check: its identity, its meaning, and as an [Expr] what
// is asked. It is data. Package kind compiles it to a [Compiled] rule, and [Run] examines a system
// by many of them at once. Checks compose by [All], [Any], [Not] and [When], and by a [Table] of
// one's own.
//
// # Results
//
// A [Status] is one of the results of XCCDF 1.2 (NIST IR 7275r4, table 26), and its
// zero value is Unknown. What could not be read or understood is never a pass: an
// error becomes a status in one place, and a check that passes, or says it has no
// subject, although something it asked for could not be read is overruled by the
// runner, whatever its author swallowed. A fallback that makes a failed read harmless
// says so with inventory.System.Excuse.
//
// What an error means, of joined errors the gravest:
//
//	inventory.ErrAbsent                                    NotApplicable
//	ErrNotLive, ErrUnavailable, ErrExcluded, permission    Unknown, with the reason
//	ErrLimit, ErrTimeout, the end of the context           Unknown, with the reason
//	all else, a missing file included                      Error
//
// Each verdict shows what it rests on: a failure all that is in breach, a pass a sample of what was
// examined, no subject what was looked for and is not there. Evidence names the place, the
// collector and the method, and is bounded.
//
// Tables with nothing cut short decide how results combine, so that the
// order of checks never matters:
//
//	All  a Fail fails; else Error, Unknown, NotChecked; else Pass if one passed; else NotApplicable
//	Any  a Pass passes; else Error, Unknown, NotChecked, Fail, NotApplicable
//	Not  swaps Pass and Fail
//	When only a passing condition examines; Fail or NotApplicable of it is NotApplicable
package check
