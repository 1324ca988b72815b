package version

// windows orders versions of Windows, major.minor.build.revision with the update build revision
// (UBR) last: 10.0.19045.3803, as winver and the registry (CurrentBuild, UBR) have it.
// Numbers that are left out are 0. A build of Windows 10 and later (10240 and above) may come
// alone or with its revision only: 19045.3803 is 10.0.19045.3803.
//
// Names of products are no versions: Windows 11 is 10.0.22000.
type windows struct{}

func (windows) Name() string { return "windows" }

func (windows) Validate(v string) error {
	_, err := parseWindows(v)
	return err
}

func (windows) Compare(a, b string) (int, error) {
	x, err := parseWindows(a)
	if err != nil {
		return 0, err
	}
	y, err := parseWindows(b)
	if err != nil {
		return 0, err
	}
	if c := compareDotted(x.release, y.release); c != 0 {
		return c, nil
	}
	return compareDotted(x.build, y.build), nil
}

func (windows) split(v string) parts {
	dotted, revision := v, ""
	x, _ := parseWindows(v)
	if _, ubr := cutNumber(x.build); ubr != "" {
		dotted, revision = v[:len(v)-len(ubr)-1], ubr
	}
	return parts{upstream: dotted, revision: revision}
}

// A windowsVersion has major.minor and build.revision.
type windowsVersion struct{ release, build string }

func parseWindows(v string) (windowsVersion, error) {
	const form = "major.minor.build.revision, or build.revision from build 10240 on"
	dotted, rest, n := cutDotted(v)
	first, after := cutNumber(dotted)
	switch {
	case n == 0 || rest != "" || n > 4:
		return windowsVersion{}, invalid("windows", v, len(dotted), form)
	case n <= 2 && compareDigits(first, "10240") >= 0:
		return windowsVersion{"10.0", dotted}, nil
	case n == 1 || compareDigits(first, "100") >= 0:
		return windowsVersion{}, invalid("windows", v, 0, form)
	}
	minor, build := cutNumber(after)
	return windowsVersion{dotted[:len(first)+1+len(minor)], build}, nil
}
