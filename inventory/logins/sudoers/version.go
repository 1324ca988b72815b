package sudoers

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// Version is a release of sudo: 1.9.13p3 is {1, 9, 13}.
type Version struct{ Major, Minor, Patch int }

// String returns the version as text, such as "1.9.13".
func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// Less reports whether v is an earlier release than o.
func (v Version) Less(o Version) bool {
	if v.Major != o.Major {
		return v.Major < o.Major
	}
	return v.Minor < o.Minor || v.Minor == o.Minor && v.Patch < o.Patch
}

// shape is the form of a version; whole has nothing beside it in the texts of a program.
var (
	shape = regexp.MustCompile(`^([12])\.(\d{1,2})\.(\d{1,3})(?:p\d+|[~-]|$)`)
	whole = regexp.MustCompile(`[\x00\n]([12]\.\d{1,2}\.\d{1,3}(?:p\d+)?)[\x00\n]`)
)

// ParseVersion reads the beginning of s, such as "1.9.13p3-1+deb12u4". It returns false where s does
// not begin with a version.
func ParseVersion(s string) (Version, bool) {
	f := shape.FindStringSubmatch(s)
	if f == nil {
		return Version{}, false
	}
	major, _ := strconv.Atoi(f[1])
	minor, _ := strconv.Atoi(f[2])
	patch, _ := strconv.Atoi(f[3])
	return Version{major, minor, patch}, true
}

const program = "usr/bin/sudo"

// Program returns the version of sudo: that of Debian's package, else the one in the text of the
// program. A version that is in neither is [inventory.ErrUnavailable].
var Program = inventory.NewFact("version of sudo", collectVersion)

func collectVersion(ctx context.Context, s *inventory.System) (Version, error) {
	pkgs, err := dpkg.Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return Version{}, err
	}
	for _, p := range pkgs {
		if (p.Name == "sudo" || p.Name == "sudo-ldap") && p.Present() {
			_, upstream, ok := strings.Cut(p.Version, ":")
			if !ok {
				upstream = p.Version
			}
			if v, ok := ParseVersion(upstream); ok {
				return v, nil
			}
		}
	}
	b, err := s.ReadFile(ctx, program)
	if err != nil && !inventory.IsAbsent(err, program) {
		return Version{}, err
	}
	if v, ok := findVersion(b); ok {
		return v, nil
	}
	return Version{}, fmt.Errorf("the version of sudo is not known: %w", inventory.ErrUnavailable)
}

// findVersion returns the one version that stands alone in the text of a program.
func findVersion(b []byte) (Version, bool) {
	found := map[Version]bool{}
	for {
		loc := whole.FindSubmatchIndex(b)
		if loc == nil {
			break
		}
		if v, ok := ParseVersion(string(b[loc[2]:loc[3]])); ok {
			found[v] = true
		}
		b = b[loc[3]:]
	}
	for v := range found {
		return v, len(found) == 1
	}
	return Version{}, false
}
