package winos_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms/winos"
)

const head = "-- @registry --\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion]\n"

// Written by hand for Windows Server 2022.
const of2022 = head + `"ProductName"="Windows Server 2022 Standard"
"DisplayVersion"="21H2"
"EditionID"="ServerStandard"
"InstallationType"="Server Core"
"CurrentBuild"="20348"
"CurrentBuildNumber"="20348"
"CurrentVersion"="6.3"
"CurrentMajorVersionNumber"=dword:0000000a
"CurrentMinorVersionNumber"=dword:00000000
"UBR"=dword:00000a8c
`

func TestFact(t *testing.T) {
	tests := map[string]struct {
		fixture, version, product string
		want                      winos.Release
	}{
		"server 2022": {of2022, "10.0.20348.2700", "server", winos.Release{Major: 10, Build: 20348, Revision: 2700,
			Name: "Windows Server 2022 Standard", Display: "21H2", Edition: "ServerStandard", Installation: "Server Core"}},
		"names in other letters": {strings.NewReplacer("Current", "CURRENT", "UBR", "ubr").Replace(of2022), "10.0.20348.2700", "server",
			winos.Release{Major: 10, Build: 20348, Revision: 2700, Name: "Windows Server 2022 Standard", Display: "21H2", Edition: "ServerStandard", Installation: "Server Core"}},
		"server 2012 R2": {head + "\"CurrentBuild\"=\"9600\"\n\"CurrentVersion\"=\"6.3\"\n\"InstallationType\"=\"Server\"\n", "6.3.9600.0", "server",
			winos.Release{Major: 6, Minor: 3, Build: 9600, Installation: "Server"}},
		"client": {head + "\"CurrentBuild\"=\"22631\"\n\"CurrentVersion\"=\"6.3\"\n\"InstallationType\"=\"Client\"\n", "6.3.22631.0", "client",
			winos.Release{Major: 6, Minor: 3, Build: 22631, Installation: "Client"}},
		"no type": {head + "\"CurrentBuild\"=\"7601\"\n\"CurrentVersion\"=\"6.1\"\n", "6.1.7601.0", "", winos.Release{Major: 6, Minor: 1, Build: 7601}},
	}
	for name, tt := range tests {
		r, err := winos.Fact.Of(t.Context(), inventorytest.System(t, tt.fixture))
		if d := cmp.Diff(r, tt.want); d != "" || err != nil || r.Version() != tt.version || r.Product() != tt.product {
			t.Errorf("%s: %s, %v, %s, %s", name, d, err, r.Version(), r.Product())
		}
	}
	for r, want := range map[winos.Release]string{
		{Name: "Windows Server 2022 Standard", Display: "21H2", Build: 20348, Revision: 2700}: "Windows Server 2022 Standard 21H2 (build 20348.2700)",
		{Name: "Windows Server 2016 Standard", Build: 14393}:                                  "Windows Server 2016 Standard (build 14393.0)",
		{Build: 14393}: "(build 14393.0)",
	} {
		if got := r.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestFactWithoutAnAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		fixture string
		want    error
	}{
		"no registry":    {"", inventory.ErrUnavailable},
		"no key":         {"-- @registry --\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\n", inventory.ErrUnavailable},
		"no build":       {head + "\"CurrentVersion\"=\"6.3\"\n", inventory.ErrUnavailable},
		"build no text":  {head + "\"CurrentBuild\"=dword:00004f7c\n\"CurrentVersion\"=\"6.3\"\n", inventory.ErrUnavailable},
		"build no digit": {head + "\"CurrentBuild\"=\"x\"\n\"CurrentVersion\"=\"6.3\"\n", inventory.ErrUnavailable},
		"no version":     {head + "\"CurrentBuild\"=\"9600\"\n", inventory.ErrUnavailable},
		"odd version":    {head + "\"CurrentBuild\"=\"9600\"\n\"CurrentVersion\"=\"6\"\n", inventory.ErrUnavailable},
	} {
		if r, err := winos.Fact.Of(t.Context(), inventorytest.System(t, tt.fixture)); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %+v, %v, want %v", name, r, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("20348", []byte{10, 0, 0, 0}, "6.3", uint32(4))
	f.Add("", []byte(nil), ".", uint32(11))
	f.Fuzz(func(t *testing.T, build string, number []byte, version string, kind uint32) {
		text := func(name, s string) inventory.Value {
			v := inventory.Value{Name: name, Type: inventory.TypeString}
			for _, b := range []byte(s) {
				v.Data = binary.LittleEndian.AppendUint16(v.Data, uint16(b))
			}
			return v
		}
		r, err := winos.Parse([]inventory.Value{text("CurrentBuild", build), text("CurrentVersion", version),
			{Name: "CurrentMajorVersionNumber", Type: inventory.ValueType(kind), Data: number}, {Name: "UBR", Type: inventory.ValueType(kind), Data: number}})
		if err != nil && r != (winos.Release{}) || err == nil && strings.Count(r.Version(), ".") != 3 {
			t.Errorf("got %+v, %v", r, err)
		}
	})
}

func ExampleParse() {
	r, err := winos.Parse([]inventory.Value{
		{Name: "CurrentBuild", Type: inventory.TypeString, Data: []byte("2\x000\x003\x004\x008\x00\x00\x00")},
		{Name: "CurrentMajorVersionNumber", Type: inventory.TypeDWord, Data: []byte{10, 0, 0, 0}},
		{Name: "UBR", Type: inventory.TypeDWord, Data: []byte{0x8c, 0x0a, 0, 0}},
	})
	fmt.Println(r.Version(), err)
	// Output: 10.0.20348.2700 <nil>
}
