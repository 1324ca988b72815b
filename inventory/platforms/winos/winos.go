// Package winos tells which release of Windows a system holds, from the key
//
//	HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion
//
// of its registry, live or from hives alike. The build is what tells releases apart
// ("Windows Server release information" and "Windows 11 release information" of Microsoft
// Learn); clients and servers share builds, so that the kind of installation belongs to it.
package winos

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Key is where Windows says what it is.
const Key = `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`

// Release is what Windows says of its version. Texts are as stored, empty where there is
// none.
type Release struct {
	Major, Minor uint64 // 10 and 0 ever since Windows 10; 6 and 3 of Windows Server 2012 R2
	Build        uint64 // CurrentBuild: 20348 is Windows Server 2022
	Revision     uint64 // UBR, of the cumulative update; 0 where there is none, as before Windows 10
	Name         string // ProductName. It says Windows 10 on Windows 11 too.
	Display      string // DisplayVersion: 21H2
	Edition      string // EditionID: ServerStandard, ServerDatacenter, Professional
	Installation string // InstallationType: Server, Server Core, Nano Server, Client
}

// Version is "10.0.20348.2700".
func (r Release) Version() string {
	return fmt.Sprintf("%d.%d.%d.%d", r.Major, r.Minor, r.Build, r.Revision)
}

// Product is "server" or "client", or empty where the installation is of no known type.
func (r Release) Product() string {
	switch strings.ToLower(r.Installation) {
	case "server", "server core", "nano server":
		return "server"
	case "client":
		return "client"
	}
	return ""
}

// String is the name for people, with the build.
func (r Release) String() string {
	build := fmt.Sprintf("(build %d.%d)", r.Build, r.Revision)
	return strings.Join(strings.Fields(r.Name+" "+r.Display+" "+build), " ")
}

// Fact is the release of the system. A registry without the key, such as that of an image
// whose hive is not at hand, is [inventory.ErrUnavailable].
var Fact = inventory.NewFact("windows release", func(ctx context.Context, s *inventory.System) (Release, error) {
	values, err := s.Registry(ctx).Values(Key)
	if inventory.IsAbsent(err, Key) {
		err = fmt.Errorf("there is no %s: %w", Key, inventory.ErrUnavailable)
	}
	if err != nil {
		return Release{}, err
	}
	r, err := Parse(values)
	if err != nil {
		return Release{}, fmt.Errorf("%s: %w", Key, err)
	}
	return r, nil
})

// Parse reads the values of [Key]. Without a build that is a number there is no release.
func Parse(values []inventory.Value) (Release, error) {
	text := func(name string) string {
		v, _ := inventory.LookupValue(values, name)
		s, _ := v.Text()
		return s
	}
	number := func(name string) (uint64, bool) {
		v, _ := inventory.LookupValue(values, name)
		return v.Integer()
	}
	r := Release{Name: text("ProductName"), Display: text("DisplayVersion"), Edition: text("EditionID"), Installation: text("InstallationType")}
	var err error
	if r.Build, err = strconv.ParseUint(text("CurrentBuild"), 10, 32); err != nil {
		return Release{}, fmt.Errorf("CurrentBuild is no number: %w", inventory.ErrUnavailable)
	}
	r.Revision, _ = number("UBR")
	if major, ok := number("CurrentMajorVersionNumber"); ok {
		r.Major = major
		r.Minor, _ = number("CurrentMinorVersionNumber")
		return r, nil
	}
	// Before Windows 10, and "6.3" ever since.
	major, minor, _ := strings.Cut(text("CurrentVersion"), ".")
	var errM error
	r.Major, err = strconv.ParseUint(major, 10, 32)
	r.Minor, errM = strconv.ParseUint(minor, 10, 32)
	if err != nil || errM != nil {
		return Release{}, fmt.Errorf("there is neither CurrentMajorVersionNumber nor CurrentVersion: %w", inventory.ErrUnavailable)
	}
	return r, nil
}
