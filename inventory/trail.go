package inventory

// Read is one thing that was read of a system, the unit of [Config.Intercept] and
// of a check's trail. Op is one of the constants below; Name is a file name, a
// registry path or the name of a probe.
type Read struct{ Op, Name string }

// String is "stat etc/shadow".
func (r Read) String() string { return r.Op + " " + r.Name }

// The kinds of reads. "stat etc/shadow" is not "read etc/shadow": the one may be
// allowed where the other is not.
const (
	OpStat     = "stat"     // a file's identity, links followed
	OpLstat    = "lstat"    // a file's or link's own identity
	OpReadLink = "readlink" // the target of a link
	OpRead     = "read"     // a file's content
	OpList     = "list"     // the names in a folder
	OpXattr    = "xattr"    // an extended attribute
	OpWalk     = "walk"     // the one walk of the whole tree; Name is "."
	OpProbe    = "probe"    // a document of the Prober
	OpKeys     = "keys"     // the keys below a registry key
	OpValues   = "values"   // the values of a registry key
)
