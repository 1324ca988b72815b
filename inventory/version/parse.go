package version

import (
	"fmt"
	"strings"
)

// A Version is a valid version of one scheme, with its parts. Two are the same in the sense of ==
// if they have the same scheme and the same text, so that 1.0 and 1.00 of Debian differ. That needs
// a scheme of a comparable type, as those of this package are. [Version.Compare] is the order. The
// zero value is no version.
type Version struct {
	scheme Scheme
	text   string
	parts  parts
}

// parts are the parts of a version.
type parts struct {
	epoch, upstream, revision string
	prerelease                bool
}

// A splitter is a scheme whose versions have parts. The argument of split is a valid version.
type splitter interface {
	split(v string) parts
}

// Parse makes a Version of v. It fails with the error of the scheme's Validate, and with one that
// wraps [ErrScheme] if the scheme is nil.
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

// Scheme returns the scheme of the version, or nil for the zero value.
func (v Version) Scheme() Scheme { return v.scheme }

// String returns the version as it was written.
func (v Version) String() string { return v.text }

// MarshalText returns the scheme and the version, as "deb:1:9.2p1-2". The zero Version is empty.
func (v Version) MarshalText() ([]byte, error) {
	if v.scheme == nil {
		return nil, nil
	}
	return []byte(v.scheme.Name() + ":" + v.text), nil
}

// UnmarshalText reads what MarshalText returns, of the schemes that [Lookup] finds.
func (v *Version) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*v = Version{}
		return nil
	}
	name, text, _ := strings.Cut(string(b), ":")
	s, ok := Lookup(name)
	if !ok {
		return fmt.Errorf("version %q: no scheme %q: %w", b, name, ErrInvalid)
	}
	w, err := Parse(s, text)
	if err == nil {
		*v = w
	}
	return err
}

// Epoch returns the part that counts before all others: 1 of 1:2.3-4 (deb, opkg, rpm, alpm) and of
// 1!2.3 (pypi). It is empty if the version has none, which counts as 0.
func (v Version) Epoch() string { return v.parts.epoch }

// Upstream returns the version that the authors of the software chose: 2.3 of 1:2.3-4. It is the
// whole version if the scheme has no other parts, and empty for a build of macOS alone.
func (v Version) Upstream() string { return v.parts.upstream }

// Revision returns the part that the packagers of the software added: 4 of 1:2.3-4 (deb, opkg), the
// release (rpm), the pkgrel (alpm), r1 of 2.3-r1 (apk), the local version (pypi), the part of the
// distribution (kernel), p1 of 9.6p1 (openssh), the build (macos), the update build revision
// (windows). It is empty if there is none.
func (v Version) Revision() string { return v.parts.revision }

// IsPrerelease reports whether the version is marked as a pre-release. It is false for schemes
// without such marks: deb, rpm, alpm, opkg, openssh, windows.
func (v Version) IsPrerelease() bool { return v.parts.prerelease }

// Compare returns the order of two versions, as Compare of their scheme does. It fails with an
// error that wraps [ErrScheme] if w is of another scheme, or if one of the two is a zero value.
func (v Version) Compare(w Version) (int, error) {
	if v.scheme == nil || w.scheme == nil || v.scheme.Name() != w.scheme.Name() {
		return 0, fmt.Errorf("comparing %q of %s with %q of %s: %w",
			v.text, name(v.scheme), w.text, name(w.scheme), ErrScheme)
	}
	return v.scheme.Compare(v.text, w.text)
}

// name returns the name of a scheme for errors.
func name(s Scheme) string {
	if s == nil {
		return "no scheme"
	}
	return s.Name()
}
