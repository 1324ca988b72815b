// Package winos reads which release of Windows a system holds, from the registry key
//
//	HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion
//
// It reads a live registry and hives alike. The build tells releases apart ("Windows Server release
// information" and "Windows 11 release information" of Microsoft Learn). Clients and servers share
// builds, so the type of the installation is needed as well.
package winos

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/regkey"
)

// Key is the registry key in which Windows stores its version.
const Key = `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`

// Release is the version of Windows. Texts are as stored, and empty where the value is missing.
type Release struct {
	Major, Minor uint64 // 10 and 0 since Windows 10; 6 and 3 for Windows Server 2012 R2
	Build        uint64 // CurrentBuild, such as 20348 for Windows Server 2022
	Revision     uint64 // UBR, the number of the cumulative update; 0 where it is missing, as before Windows 10
	Name         string // ProductName; it says Windows 10 on Windows 11 too
	Display      string // DisplayVersion, such as 21H2
	Edition      string // EditionID, such as ServerStandard, ServerDatacenter, Professional
	Installation string // InstallationType: Server, Server Core, Nano Server, Client
}

// Version returns the version as one text, such as "10.0.20348.2700".
func (r Release) Version() string {
	return fmt.Sprintf("%d.%d.%d.%d", r.Major, r.Minor, r.Build, r.Revision)
}

// Product returns "server" or "client". It is empty where the type of the installation is not
// known.
func (r Release) Product() string {
	switch strings.ToLower(r.Installation) {
	case "server", "server core", "nano server":
		return "server"
	case "client":
		return "client"
	}
	return ""
}

// String returns the name for people, with the build.
func (r Release) String() string {
	build := fmt.Sprintf("(build %d.%d)", r.Build, r.Revision)
	return strings.Join(strings.Fields(r.Name+" "+r.Display+" "+build), " ")
}

// Fact returns the release of the system. Where the registry lacks the key, as in an image whose
// hive is not at hand, the error is [inventory.ErrUnavailable].
var Fact = inventory.NewFact("windows release", collect)

func collect(ctx context.Context, s *inventory.System) (Release, error) {
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
}

// Parse reads the values of [Key]. A build that is not a number is an error.
func Parse(values []inventory.Value) (Release, error) {
	text := func(name string) string {
		v, _ := regkey.Lookup(values, name)
		s, _ := v.Text()
		return s
	}
	number := func(name string) (uint64, bool) {
		v, _ := regkey.Lookup(values, name)
		return v.Integer()
	}
	r := Release{Name: text("ProductName"), Display: text("DisplayVersion"), Edition: text("EditionID"),
		Installation: text("InstallationType")}
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
	// Windows before 10 has only CurrentVersion. Since Windows 10 its value is always "6.3".
	major, minor, _ := strings.Cut(text("CurrentVersion"), ".")
	var errM error
	r.Major, err = strconv.ParseUint(major, 10, 32)
	r.Minor, errM = strconv.ParseUint(minor, 10, 32)
	if err != nil || errM != nil {
		return Release{}, fmt.Errorf("there is neither CurrentMajorVersionNumber nor CurrentVersion: %w",
			inventory.ErrUnavailable)
	}
	return r, nil
}
