package inventory

// What the tree of Windows is made of and needs no Windows, for tests.
var (
	WinText    = winText
	WinUnits   = winUnits
	WinElems   = winElems
	WinLink    = winLink
	WinTarget  = winTarget
	WinMode    = winMode
	WinTime    = winTime
	AdmitDrive = admitDrive
	Redirected = redirected
	Elsewhere  = elsewhere

	SplitRegistry = splitRegistry
)

// FillWindows answers the platform that values of the registry tell.
func FillWindows(values []Value) Platform {
	var p Platform
	p.fillWindows(values)
	return p
}
