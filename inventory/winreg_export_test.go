package inventory

// SplitRegistry is splitRegistry, for tests on every operating system.
var SplitRegistry = splitRegistry

// FillWindows returns the platform that values of the registry tell.
func FillWindows(values []Value) Platform {
	var p Platform
	p.fillWindows(values)
	return p
}
