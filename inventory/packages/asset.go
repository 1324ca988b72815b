package packages

// Package is a piece of installed software, whatever manages it. Collectors of the
// formats answer their own types with more; this is what they have in common.
type Package struct {
	Type    string // as package-url has it: deb, rpm, apk
	Name    string
	Version string
	Arch    string
	Source  string // the source package, where it has another name
	File    string // the database it stands in
	Line    int    // in File, or 0
}
