package version

// schemes are sorted by name.
var schemes = [...]Scheme{
	alpm{},
	apk{},
	deb{},
	opkg{},
	rpm{},
}
