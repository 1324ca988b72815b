package sys

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// RegValue is a value of a key, its data as stored.
type RegValue struct {
	Name []uint16
	Type uint32
	Data []byte
}

// RegBounds are how much of one key is read.
type RegBounds struct {
	Entries int // keys or values
	Bytes   int // of all data
}

// RegKeys returns the names of the keys below a key of the 64-bit view. It is false where
// there is more than the bounds allow.
func RegKeys(root windows.Handle, path string, max RegBounds) (names [][]uint16, within bool, err error) {
	within = true
	err = unchanged(root, path, func(k windows.Handle) error {
		names = nil
		buf := make([]uint16, 256+1) // the most that a key's name can have, winreg.h
		for i := uint32(0); ; i++ {
			n := uint32(len(buf))
			err := windows.RegEnumKeyEx(k, i, &buf[0], &n, nil, nil, nil, nil)
			if err == windows.ERROR_NO_MORE_ITEMS {
				return nil
			}
			if err != nil {
				return err
			}
			names = append(names, append([]uint16(nil), buf[:n]...))
			if within = len(names) <= max.Entries; !within {
				return nil
			}
		}
	})
	return names, within, err
}

// RegValues returns the values of a key of the 64-bit view. It is false where there is
// more than the bounds allow.
func RegValues(root windows.Handle, path string, max RegBounds) (values []RegValue, within bool, err error) {
	within = true
	err = unchanged(root, path, func(k windows.Handle) error {
		values = nil
		left := max.Bytes
		for i := uint32(0); ; i++ {
			v, err := enumValue(k, i, left)
			switch err {
			case nil:
			case windows.ERROR_NO_MORE_ITEMS:
				return nil
			case errTooLarge:
				within = false
				return nil
			default:
				return err
			}
			left -= len(v.Data)
			values = append(values, v)
			if within = len(values) <= max.Entries; !within {
				return nil
			}
		}
	})
	return values, within, err
}

// ErrRegChanged says that a key was written to each time it was read.
var ErrRegChanged = fmt.Errorf("the key changes while it is read")

var errTooLarge = fmt.Errorf("too large")

// unchanged calls read with the open key until nobody wrote to it meanwhile: entries are
// counted by their place, and one that goes away makes another be passed over.
func unchanged(root windows.Handle, path string, read func(windows.Handle) error) error {
	key, err := registry.OpenKey(registry.Key(root), path, registry.READ|registry.WOW64_64KEY)
	if err != nil {
		return err
	}
	defer key.Close()
	k := windows.Handle(key)
	for range 5 {
		before, err := written(k)
		if err != nil {
			return err
		}
		if err := read(k); err != nil {
			return err
		}
		after, err := written(k)
		if err != nil {
			return err
		}
		if before == after {
			return nil
		}
	}
	return ErrRegChanged
}

func written(k windows.Handle) (t windows.Filetime, err error) {
	err = windows.RegQueryInfoKey(k, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, &t)
	return t, err
}

var regEnumValue = windows.NewLazySystemDLL("advapi32.dll").NewProc("RegEnumValueW")

// enumValue returns name and data of one value by one call, so that they belong together.
func enumValue(k windows.Handle, index uint32, most int) (v RegValue, err error) {
	name := make([]uint16, 16383+1) // the most that a value's name can have, winreg.h
	data := make([]byte, 1024)
	for {
		n, size := uint32(len(name)), uint32(len(data))
		r, _, _ := regEnumValue.Call(uintptr(k), uintptr(index), uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&n)), 0,
			uintptr(unsafe.Pointer(&v.Type)), uintptr(unsafe.Pointer(&data[0])), uintptr(unsafe.Pointer(&size)))
		switch err := windows.Errno(r); {
		case err == windows.ERROR_MORE_DATA && int(size) > most:
			return v, errTooLarge
		case err == windows.ERROR_MORE_DATA:
			data = make([]byte, max(int(size), 2*len(data)))
		case err != windows.ERROR_SUCCESS:
			return v, err
		case int(size) > most:
			return v, errTooLarge
		default:
			v.Name, v.Data = append([]uint16(nil), name[:n]...), append([]byte(nil), data[:size]...)
			return v, nil
		}
	}
}
