package version

// schemes are sorted by name.
var schemes = [...]Scheme{
	deb{},
}
