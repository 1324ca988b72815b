package filetree

// What the tree of Windows is made of and needs no Windows, for tests.
var (
	WinElems   = winElems
	WinLink    = winLink
	WinTarget  = winTarget
	WinMode    = winMode
	WinTime    = winTime
	AdmitDrive = admitDrive
	Redirected = redirected
	Elsewhere  = elsewhere
)
