// Package osrelease reads which operating system a tree holds, from etc/os-release or
// usr/lib/os-release, os-release(5).
package osrelease

import (
	"context"
	"fmt"
	"time"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
)

// Release is an os-release file. The fields are as written; os-release(5) describes each.
type Release struct {
	inventory.Position // of ID, or the file alone

	ID         string // "linux" where the file has none
	IDLike     string
	Name       string
	Pretty     string // PRETTY_NAME
	VersionID  string // empty for rolling releases
	Codename   string // VERSION_CODENAME
	Variant    string // VARIANT_ID
	BuildID    string
	SupportEnd time.Time // SUPPORT_END, a date; zero where the file has none
}

// files are the places of the file by os-release(5). The first that exists counts.
var files = [...]string{"etc/os-release", "usr/lib/os-release"}

// Fact returns the release of the system. Without the file it returns [inventory.ErrAbsent].
var Fact = inventory.NewFact("os-release", collect)

func collect(ctx context.Context, s *inventory.System) (Release, error) {
	for _, name := range files {
		r, err := inventory.ParseOnce(ctx, s, name, Parse)
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return Release{}, err
		}
		r.Source = name
		return r, nil
	}
	return Release{}, fmt.Errorf("os-release: %w", inventory.ErrAbsent)
}

// Parse reads the text of an os-release file. Lines that are not assignments are skipped, as
// systemd does. A SUPPORT_END that is not a date is an error.
func Parse(b []byte) (Release, error) {
	r := Release{ID: "linux", Name: "Linux", Pretty: "Linux"} // the defaults of the man page
	if err := shellvar.CheckPlain(b, "ID", "ID_LIKE", "VERSION_ID", "VERSION_CODENAME", "VARIANT_ID", "SUPPORT_END"); err != nil {
		return Release{}, err
	}
	for v, err := range shellvar.All(b) {
		if err != nil {
			continue
		}
		switch v.Key {
		case "ID":
			r.ID, r.Line = v.Value, v.Line
		case "ID_LIKE":
			r.IDLike = v.Value
		case "NAME":
			r.Name = v.Value
		case "PRETTY_NAME":
			r.Pretty = v.Value
		case "VERSION_ID":
			r.VersionID = v.Value
		case "VERSION_CODENAME":
			r.Codename = v.Value
		case "VARIANT_ID":
			r.Variant = v.Value
		case "BUILD_ID":
			r.BuildID = v.Value
		case "SUPPORT_END":
			end, err := time.Parse(time.DateOnly, v.Value)
			if err != nil {
				return Release{}, fmt.Errorf("line %d: SUPPORT_END is no date", v.Line)
			}
			r.SupportEnd = end
		}
	}
	return r, nil
}
