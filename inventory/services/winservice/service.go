package winservice

import (
	"fmt"
	"strconv"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/regkey"
)

// Key is the registry key that has a key for each service.
const Key = `HKLM\SYSTEM\CurrentControlSet\Services`

// Service is a service or driver.
type Service struct {
	inventory.Position // its registry key

	Name    string // the name of its key
	Type    Type
	Start   Start
	Delayed bool   // an automatic start waits until other services have started
	Path    string // ImagePath as stored, with arguments; variables are not expanded
	Account string // ObjectName, such as LocalSystem or NT AUTHORITY\LocalService; mostly empty for drivers
	// State is the state by the service control manager of a running system. It is empty on an
	// image, and for a service that the manager does not know.
	State State
}

// Type is a set of bits, SERVICE_* of winnt.h.
type Type uint32

// The known types. Other bits exist and are kept.
const (
	KernelDriver     Type = 0x1
	FileSystemDriver Type = 0x2
	OwnProcess       Type = 0x10
	ShareProcess     Type = 0x20
)

// Driver reports whether it is a driver, not a program.
func (t Type) Driver() bool { return t&(KernelDriver|FileSystemDriver) != 0 }

// Start tells when a service starts, SERVICE_*_START of winnt.h.
type Start uint32

// The kinds of starts. Other numbers are kept and mean nothing to Windows.
const (
	Boot      Start = iota // a driver that the boot loader loads
	System                 // a driver that the kernel loads
	Automatic              // with the system
	Manual                 // on demand by another service, a user or an event
	Disabled               // never
)

// String returns the name of the kind, such as "automatic".
func (s Start) String() string {
	if int(s) < len(startNames) {
		return startNames[s]
	}
	return "start " + strconv.FormatUint(uint64(s), 10)
}

var startNames = [...]string{"boot", "system", "automatic", "manual", "disabled"}

// parse reads the values of a service's key. It returns false where the key belongs to no service.
func parse(values []inventory.Value) (s Service, ok bool, err error) {
	number := func(name string) (uint32, bool, error) {
		v, there := regkey.Lookup(values, name)
		n, isNumber := v.Integer()
		if there && (!isNumber || n > 1<<32-1) {
			return 0, true, fmt.Errorf("%s is no number: %w", name, inventory.ErrUnavailable)
		}
		return uint32(n), there, nil
	}
	text := func(name string) string {
		v, _ := regkey.Lookup(values, name)
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
