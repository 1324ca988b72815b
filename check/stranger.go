package check

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"

	"github.com/hardening-sdk/hardening/inventory"
)

// tame returns err with a text that can be asked for. Errors come from collectors, trees and
// checks of somebody else: the nil pointer of an own type, the classic mistake, or a method
// that panics, would end the process wherever its text or its kind is asked for.
func tame(err error) error {
	if err == nil {
		return nil
	}
	if v := reflect.ValueOf(err); v.Kind() == reflect.Pointer && v.IsNil() {
		return fmt.Errorf("a nil %T instead of an error", err)
	}
	if p := panicOf(func() { _ = err.Error(); classify(err) }); p != nil {
		return fmt.Errorf("an error of type %T that panics: %v", err, p)
	}
	return err
}

// panicOf returns what f panics with, nil where it does not.
func panicOf(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}

// tell logs a panic of somebody else's code with its stack, which is no text for a report.
func tell(sys *inventory.System, what string, p any) {
	sys.Logger().Error(what+" panicked", slog.Any("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
}

// errNoSystem is what Run returns for a nil System.
var errNoSystem = errors.New("no system to examine")
