package packages

// Package is an installed package of any package manager. The facts of the formats below return
// types of their own with more fields.
type Package struct {
	Type    string // the type in a package URL: deb, rpm, apk
	Name    string
	Version string
	Arch    string
	Source  string // the source package, where its name is another one
	File    string // the path of the database
	Line    int    // in File, counted from 1; 0 where it has no lines
}
