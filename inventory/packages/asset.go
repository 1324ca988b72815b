package packages

import "github.com/hardening-sdk/hardening/inventory"

// Package is an installed package of any package manager. The facts of the formats below return
// types of their own with more fields.
type Package struct {
	inventory.Position // in the database

	Type    string // the type in a package URL: deb, rpm, apk
	Name    string
	Version string
	Arch    string
	// SourceName and SourceVersion are those of the source package. Where the database states
	// none they are the name and the version of the package itself.
	SourceName, SourceVersion string
}
