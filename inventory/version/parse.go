package version

import "fmt"

// A Version is a valid version of one scheme, in the parts that people know it by. Two
// of them are the same in the sense of == if they have the same scheme and the same text (1.0 and
// 1.00 of Debian are not), for which the scheme's type has to be comparable, as those of this
// package are; [Version.Compare] has the order. The zero value is no version.
type Version struct {
	scheme Scheme
	text   string
	parts  parts
}

// parts are what a scheme's versions are made of.
type parts struct {
	epoch, upstream, revision string
	prerelease                bool
}

// A splitter is a scheme that knows parts. The version is a valid one.
type splitter interface {
	split(v string) parts
}

// Parse makes a Version of v. It fails as Validate of the scheme does, and without a scheme
// with an error that wraps [ErrScheme].
func Parse(s Scheme, v string) (Version, error) {
	if s == nil {
		return Version{}, fmt.Errorf("%q of %s: %w", v[:min(len(v), shown)], name(s), ErrScheme)
	}
	if err := s.Validate(v); err != nil {
		return Version{}, err
	}
	p := parts{upstream: v}
	if k, ok := s.(splitter); ok {
		p = k.split(v)
	}
	return Version{scheme: s, text: v, parts: p}, nil
}

// Scheme is the scheme that the version is of, nil for the zero value.
func (v Version) Scheme() Scheme { return v.scheme }

// String is the version as it was written.
func (v Version) String() string { return v.text }

// Epoch is what goes before all else: 1 of 1:2.3-4 (deb, opkg, rpm, alpm) and of 1!2.3 (pypi).
// It is empty if the version has none, which counts as 0.
func (v Version) Epoch() string { return v.parts.epoch }

// Upstream is the version that the authors of the software gave it: 2.3 of 1:2.3-4. Where
// versions have no other parts it is all of them; it is empty for a build of macOS alone.
func (v Version) Upstream() string { return v.parts.upstream }

// Revision is what those who packaged the software added: 4 of 1:2.3-4 (deb, opkg),
// the release (rpm), the pkgrel (alpm), r1 of 2.3-r1 (apk), the local version (pypi), what
// a distribution added (kernel), p1 of 9.6p1 (openssh), the build (macos), the update build
// revision (windows). It is empty if there is none.
func (v Version) Revision() string { return v.parts.revision }

// IsPrerelease says that the version announces itself as one before its release. It is
// false where the scheme has no such idea: deb, rpm, alpm, opkg, openssh, windows.
func (v Version) IsPrerelease() bool { return v.parts.prerelease }

// Compare is the order of the scheme. It fails with an error that wraps [ErrScheme] if
// w is of another scheme, or if one of the two is no version.
func (v Version) Compare(w Version) (int, error) {
	if v.scheme == nil || w.scheme == nil || v.scheme.Name() != w.scheme.Name() {
		return 0, fmt.Errorf("comparing %q of %s with %q of %s: %w", v.text, name(v.scheme), w.text, name(w.scheme), ErrScheme)
	}
	return v.scheme.Compare(v.text, w.text)
}

func name(s Scheme) string {
	if s == nil {
		return "no scheme"
	}
	return s.Name()
}
