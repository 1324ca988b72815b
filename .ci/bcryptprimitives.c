/*
 * bcryptprimitives.dll for Wine 8, which has none. Go's runtime loads it before
 * main starts and asks it for ProcessPrng; so it is also the place to mend the
 * one answer of Wine 8 that Go cannot live with.
 */
#include <string.h>
#include <windows.h>
#include <winternl.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
	while (length > 0) {
		ULONG n = length > 0x10000000 ? 0x10000000 : (ULONG)length;
		if (!SystemFunction036(data, n))
			return FALSE;
		data += n;
		length -= n;
	}
	return TRUE;
}

/*
 * To a class of information that it does not know, Windows answers
 * STATUS_INVALID_INFO_CLASS and Wine 8 STATUS_NOT_IMPLEMENTED. Go's os.Remove
 * asks for FileDispositionInformationEx first and falls back to the older class
 * on the first answer only: without this, no test under Wine could use
 * t.TempDir. A Wine that knows the class never gets here.
 */
typedef NTSTATUS (NTAPI *setter)(HANDLE, PIO_STATUS_BLOCK, PVOID, ULONG, int);

static setter original;

static NTSTATUS NTAPI set_information(HANDLE h, PIO_STATUS_BLOCK io, PVOID info, ULONG length, int class)
{
	NTSTATUS s = original(h, io, info, length, class);
	return s == (NTSTATUS)0xC0000002 ? (NTSTATUS)0xC0000003 : s;
}

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
	static const BYTE stub[] = {0x4c, 0x8b, 0xd1, 0xb8}; /* mov r10,rcx; mov eax,number */
	BYTE jump[] = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xe0}; /* mov rax,target; jmp rax */
	setter target = set_information;
	BYTE *entry, *copy;
	DWORD old;

	(void)self, (void)reserved;
	if (reason != DLL_PROCESS_ATTACH)
		return TRUE;
	entry = (BYTE *)GetProcAddress(GetModuleHandleA("ntdll.dll"), "NtSetInformationFile");
	if (!entry || memcmp(entry, stub, sizeof stub))
		return TRUE; /* another Wine: leave it alone */
	/* The stub of a system call is 32 bytes, and runs wherever it stands. */
	copy = VirtualAlloc(NULL, 32, MEM_COMMIT | MEM_RESERVE, PAGE_EXECUTE_READWRITE);
	if (!copy || !VirtualProtect(entry, sizeof jump, PAGE_EXECUTE_READWRITE, &old))
		return FALSE;
	memcpy(copy, entry, 32);
	original = (setter)copy;
	memcpy(jump + 2, &target, sizeof target);
	memcpy(entry, jump, sizeof jump);
	return VirtualProtect(entry, sizeof jump, old, &old);
}
