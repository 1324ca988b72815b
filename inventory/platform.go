package inventory

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
)

// Platform names what a system runs. Fields are lower case; an empty one is not
// known.
type Platform struct {
	OS      string   `json:"os,omitempty"`      // as GOOS has it: linux, windows, darwin, freebsd
	ID      string   `json:"id,omitempty"`      // the distribution, ID of os-release(5): debian, rhel, alpine
	Like    []string `json:"like,omitempty"`    // distributions it derives from, ID_LIKE, nearest first
	Version string   `json:"version,omitempty"` // VERSION_ID: 12, 9.4; on Windows 10.0.20348.2700
	Name    string   `json:"name,omitempty"`    // for people, PRETTY_NAME: Debian GNU/Linux 12 (bookworm)
}

// String is the name for people, or what else is known.
func (p Platform) String() string {
	switch {
	case p.Name != "" && p.OS == "windows" && p.Version != "":
		return p.Name + " (" + p.Version + ")" // the name does not tell the build
	case p.Name != "":
		return p.Name
	case p.ID != "" || p.Version != "":
		return strings.TrimSpace(p.ID + " " + p.Version)
	}
	return p.OS
}

// osReleaseFiles are where os-release(5) looks, the first that is there counts.
var osReleaseFiles = [...]string{"etc/os-release", "usr/lib/os-release"}

var platformFact = NewFact("platform", collectPlatform)

// Platform returns what the system runs: what [Config.Platform] states, and for its
// empty fields what the registry of Windows or os-release(5) says. Where none knows,
// fields stay empty; an error is a key or file that is there and cannot be read.
func (s *System) Platform(ctx context.Context) (Platform, error) {
	return platformFact.Of(ctx, s)
}

func collectPlatform(ctx context.Context, s *System) (Platform, error) {
	p := s.c.cfg.Platform
	if s.c.cfg.Registry != nil && p.Version == "" && (p.OS == "" || p.OS == "windows") {
		if err := p.ofRegistry(ctx, s); err != nil {
			return p, err
		}
	}
	if p.ID != "" || (p.OS != "" && p.OS != "linux" && p.OS != "freebsd") {
		return p, nil
	}
	for _, name := range osReleaseFiles {
		b, err := s.ReadOnce(ctx, name)
		if IsAbsent(err, name) {
			continue
		}
		if errors.Is(err, ErrUnavailable) && s.c.cfg.FS == nil {
			return p, nil
		}
		if err != nil {
			return p, err
		}
		return p.filled(ctx, s, b)
	}
	return p, nil
}

// otherSystems are the values of ID in os-release(5) that other systems than Linux have.
var otherSystems = []string{"darwin", "dragonfly", "freebsd", "illumos", "macos", "netbsd", "omnios", "openbsd",
	"openindiana", "smartos", "solaris", "windows"}

// osReleaseID is what os-release(5) allows for an ID, in letters of any case.
var osReleaseID = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// filled returns p with its empty fields set from an os-release file. One without an ID, of which
// the man page says that it is "linux", tells nothing here: half of a file has none, and neither
// has garbage. Neither does one whose lines the shell reads otherwise than systemd. So does one of another system in a tree that is not that system's.
func (p Platform) filled(ctx context.Context, s *System, b []byte) (Platform, error) {
	if shellvar.CheckPlain(b, "ID", "VERSION_ID", "ID_LIKE") != nil {
		return p, nil
	}
	vars, _ := shellvar.Parse(b)
	v := map[string]string{}
	for _, x := range vars {
		v[x.Key] = x.Value
	}
	if !osReleaseID.MatchString(v["ID"]) {
		return p, nil
	}
	if id := strings.ToLower(v["ID"]); slices.Contains(otherSystems, id) {
		const program = "bin/freebsd-version"
		_, err := s.Lstat(ctx, program)
		if IsAbsent(err, program) || id != "freebsd" || p.OS == "linux" {
			return p, nil
		}
		if err != nil {
			return p, err
		}
	}
	p.fill(v)
	return p, nil
}

// fill sets the empty fields of p from the variables of an os-release file.
func (p *Platform) fill(v map[string]string) {
	set := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	set(&p.ID, strings.ToLower(v["ID"]))
	set(&p.Version, v["VERSION_ID"])
	set(&p.Name, v["PRETTY_NAME"])
	if p.Like == nil {
		p.Like = strings.Fields(strings.ToLower(v["ID_LIKE"]))
	}
	if p.ID == "freebsd" {
		set(&p.OS, "freebsd")
	}
	set(&p.OS, "linux")
}

// Match says whether the system is one that pattern names: "linux", "linux/debian"
// or "linux/debian/12". A distribution also matches what it derives from, but not
// with a version. Known is false where the system's platform does not tell enough.
func (p Platform) Match(pattern string) (match, known bool) {
	os, rest, hasID := strings.Cut(pattern, "/")
	id, version, hasVersion := strings.Cut(rest, "/")
	switch {
	case p.OS == "":
		return false, false
	case p.OS != os:
		return false, true
	case !hasID:
		return true, true
	case p.ID == "":
		return false, false
	case p.ID == id && hasVersion && p.Version == "":
		return false, false
	case p.ID == id:
		return !hasVersion || p.Version == version, true
	}
	for _, l := range p.Like {
		if l == id && !hasVersion {
			return true, true
		}
	}
	return false, true
}
