package inventory

import (
	"context"
	"strconv"
	"strings"
)

// winVersionKey holds what Windows says of its own version.
const winVersionKey = `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`

// ofRegistry fills p from the registry, where it is one of Windows.
func (p *Platform) ofRegistry(ctx context.Context, s *System) error {
	values, err := s.Registry(ctx).Values(winVersionKey)
	if IsAbsent(err, winVersionKey) {
		return nil
	}
	if err != nil {
		return err
	}
	p.fillWindows(values)
	return nil
}

// fillWindows sets the empty fields of p from the values of [winVersionKey]: the version as
// 10.0.20348.2700, the last number being that of the cumulative update (UBR).
//
// Windows 11 is named Windows 10 there. Clients from build 22000 on, the first of Windows
// 11 ("Windows 11 release information" of Microsoft Learn), have the name put right.
func (p *Platform) fillWindows(values []Value) {
	text := func(name string) string {
		v, _ := lookupValue(values, name)
		t, _ := v.Text()
		return t
	}
	number := func(name string) (uint64, bool) {
		v, _ := lookupValue(values, name)
		return v.Integer()
	}
	set := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	set(&p.OS, "windows")
	set(&p.ID, "windows")
	name := text("ProductName")
	build, err := strconv.Atoi(text("CurrentBuild"))
	if rest, ok := strings.CutPrefix(name, "Windows 10"); ok && build >= 22000 && text("InstallationType") == "Client" {
		name = "Windows 11" + rest
	}
	set(&p.Name, strings.TrimSpace(name+" "+text("DisplayVersion")))
	if err != nil {
		return
	}
	version := text("CurrentVersion") // "6.3" ever since Windows 8.1
	if major, ok := number("CurrentMajorVersionNumber"); ok {
		minor, _ := number("CurrentMinorVersionNumber")
		version = strconv.FormatUint(major, 10) + "." + strconv.FormatUint(minor, 10)
	}
	version += "." + strconv.Itoa(build)
	if ubr, ok := number("UBR"); ok {
		version += "." + strconv.FormatUint(ubr, 10)
	}
	set(&p.Version, version)
}
