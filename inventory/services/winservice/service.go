package winservice

import (
	"fmt"
	"strconv"

	"github.com/hardening-sdk/hardening/inventory"
)

// Key is where services stand, each in a key of its own.
const Key = `HKLM\SYSTEM\CurrentControlSet\Services`

// Service is a service or driver.
type Service struct {
	Name    string // of its key
	Type    Type
	Start   Start
	Delayed bool   // an automatic start waits until others have started
	Path    string // ImagePath as stored: variables not expanded, with arguments
	Account string // ObjectName: LocalSystem, NT AUTHORITY\LocalService; of drivers mostly empty
	// State is what the service control manager says on a running system, empty on an
	// image and for a key that it does not know.
	State  State
	Source string // its registry path
}

// Type is a set of the bits of SERVICE_* in winnt.h.
type Type uint32

// The types that services are known by. Others exist and keep their bits.
const (
	KernelDriver     Type = 0x1
	FileSystemDriver Type = 0x2
	OwnProcess       Type = 0x10
	ShareProcess     Type = 0x20
)

// Driver reports whether it is a driver and not a program.
func (t Type) Driver() bool { return t&(KernelDriver|FileSystemDriver) != 0 }

// Start is when a service starts, SERVICE_*_START of winnt.h.
type Start uint32

// The kinds of starts. Others are kept and mean nothing to Windows.
const (
	Boot      Start = iota // a driver that the boot loader loads
	System                 // a driver that the kernel loads
	Automatic              // with the system
	Manual                 // on demand, which can be another service, a user or an event
	Disabled               // never
)

// String is "automatic".
func (s Start) String() string {
	if int(s) < len(startNames) {
		return startNames[s]
	}
	return "start " + strconv.FormatUint(uint64(s), 10)
}

var startNames = [...]string{"boot", "system", "automatic", "manual", "disabled"}

// parse reads the values of a service's key. It is false where the key is of no service.
func parse(values []inventory.Value) (s Service, ok bool, err error) {
	number := func(name string) (uint32, bool, error) {
		v, there := inventory.LookupValue(values, name)
		n, isNumber := v.Integer()
		if there && (!isNumber || n > 1<<32-1) {
			return 0, true, fmt.Errorf("%s is no number: %w", name, inventory.ErrUnavailable)
		}
		return uint32(n), there, nil
	}
	text := func(name string) string {
		v, _ := inventory.LookupValue(values, name)
		t, _ := v.Text()
		return t
	}
	kind, hasType, err := number("Type")
	if err != nil || !hasType {
		return s, false, err
	}
	start, hasStart, err := number("Start")
	if err == nil && !hasStart {
		err = fmt.Errorf("there is no Start: %w", inventory.ErrUnavailable)
	}
	if err != nil {
		return s, false, err
	}
	delayed, _, err := number("DelayedAutostart")
	return Service{Type: Type(kind), Start: Start(start), Delayed: delayed != 0,
		Path: text("ImagePath"), Account: text("ObjectName")}, true, err
}
