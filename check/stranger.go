package check

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"

	"github.com/hardening-sdk/hardening/inventory"
)

// tame returns err, or a replacement if the methods of err panic. Errors may come from third-party
// collectors, trees and checks. A typed nil pointer or a method that panics would otherwise crash
// the process wherever the error is used.
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

// panicOf calls f and returns the value that it panics with, or nil.
func panicOf(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}

// tell logs the panic p of third-party code with its stack, which does not belong in a report.
func tell(sys *inventory.System, what string, p any) {
	sys.Logger().Error(what+" panicked", slog.Any("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
}

// errNoSystem is the error of Run for a nil System.
var errNoSystem = errors.New("no system to examine")
