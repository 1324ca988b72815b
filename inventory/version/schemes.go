package version

// schemes are sorted by name.
var schemes = [...]Scheme{
	alpm{},
	apk{},
	cargo{},
	deb{},
	gem{},
	generic{},
	golang{},
	kernel{},
	macos{},
	maven{},
	npm{},
	nuget{},
	openssh{},
	openssl{},
	opkg{},
	pypi{},
	rpm{},
	semver{},
	windows{},
}
