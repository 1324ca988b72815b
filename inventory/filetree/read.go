package filetree

// The kinds of reads of a tree, as inventory.Read names them in trails and to an intercept.
// "stat etc/shadow" is not "read etc/shadow": the one may be allowed where the other is not.
const (
	OpStat     = "stat"     // a file's identity, links followed
	OpLstat    = "lstat"    // a file's or link's own identity
	OpReadLink = "readlink" // the target of a link
	OpRead     = "read"     // a file's content
	OpList     = "list"     // the names in a folder
	OpXattr    = "xattr"    // an extended attribute
	OpWalk     = "walk"     // the walk of the whole tree, with "." as the name, and of each folder in it
)
