// Package check judges aspects of a system.
//
// A [Check] looks at a system and returns a [Result]. Most are made from a fact of
// package inventory or one of its formats, and a function that judges it:
//
//	var OnlyRootIsUID0 = check.Of(passwd.Fact, func(us []passwd.User) check.Result {
//		return check.Each(us, func(u passwd.User) (check.Evidence, bool) {
//			return check.Evidence{Position: u.Position, Subject: u.Name}, u.UID == 0 && u.Name != "root"
//		})
//	})
//
// The packages below have ready-made checks: structs of arguments that make a check,
//
//	c, err := ssh.Directive{Name: "PermitRootLogin", Accept: setting.Accept{Want: []string{"no"}}}.Check()
//
// Checks compose by [All], [Any], [Not] and [When]. A [Rule] gives a check an
// identity and a meaning, and [Run] examines a system by many rules at once.
//
// # Results
//
// A [Status] is one of the results of XCCDF 1.2 (NIST IR 7275r4, table 26), and its
// zero value is Unknown. What could not be read or understood is never a pass: an
// error becomes a status in one place, [FromError], and a check that passes, or says
// it has no subject, although something it asked for could not be read is overruled
// by the runner, whatever its author swallowed. A fallback that makes a failed read
// harmless says so with inventory.System.Excuse.
//
// Tables with nothing cut short decide how results combine, so that the
// order of checks never matters:
//
//	All  a Fail fails; else Error, Unknown, NotChecked; else Pass if one passed; else NotApplicable
//	Any  a Pass passes; else Error, Unknown, NotChecked, Fail, NotApplicable
//	Not  swaps Pass and Fail
//	When only a passing condition examines; Fail or NotApplicable of it is NotApplicable
package check
