# SPDX-License-Identifier: Apache-2.0
#
# Makes a certificate request for Conclave with nothing but Windows PowerShell 5.1 or PowerShell 7
# and OpenSSH 8.1 or later: a short text, and the signature of the key that is to be certified.
# The text has LF line ends and no byte order mark, whatever the system's habit.
#
#     .\make-request.ps1 -a users@example.org -p staff -n alice -f a.req $HOME\.ssh\id_ed25519.pub
#
# Where scripts are barred: powershell -ExecutionPolicy Bypass -File make-request.ps1 -a ...

[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Position = 0)] [string] $PublicKey = '',
    [Alias('a')] [string] $Authority = '',
    [Alias('p')] [string] $RequestProfile = '',
    [Alias('n')] [string[]] $Principal = @(),
    [Alias('t')] [string] $CertificateType = 'user',
    [Alias('v')] [string] $Validity = '',
    [Alias('o')] [string[]] $Option = @(),
    [Alias('r')] [string] $Requester = '',
    [Alias('u')] [string] $Purpose = '',
    [Alias('w')] [string] $RenewableUntil = '',
    [Alias('f')] [string] $Out = '',
    [Alias('h')] [switch] $Help
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# Where PowerShell knows this setting, the exit status of ssh-keygen is still ours to look at.
$PSNativeCommandUseErrorActionPreference = $false

$namespace = 'conclave-request-v1'
$utf8 = New-Object System.Text.UTF8Encoding($false, $true)

$usage = @'
usage: make-request.ps1 -a AUTHORITY -p PROFILE -n PRINCIPAL[,PRINCIPAL]... [-t user|host]
                        [-v VALIDITY] [-o 'OPTION'[,'OPTION']...] [-r REQUESTER] [-u PURPOSE]
                        [-w RENEWABLE-UNTIL] -f OUT KEY.pub

  -a  the authority that is asked, as it calls itself: users@example.org
  -p  the profile of its policy that the certificate is to have: staff
  -n  the accounts to log in to, or the names of the host, with commas between them
  -t  user (without -t) or host
  -v  how long: 30s 5m 12h 7d 4w, or two times FROM/TO; without -v what the profile gives
  -o  options, in quotes: 'force-command=C:\tools\job.exe'
  -r  who asks: 'Alice Example <alice@example.org>'
  -u  what for, in words for the officers
  -w  hosts: the key may be certified again until this time: 2027-11-22T00:00:00Z
  -f  the file to write, which must not exist; PowerShell's > would change the bytes

KEY.pub is the public key. The private key is KEY beside it, or in the agent.
'@

# Says what is wrong, with a hint on a line of its own, and ends.
function Stop-Request {
    param([string] $Message, [string] $Hint = '', [int] $Status = 1)
    $Host.UI.WriteErrorLine("make-request: $Message")
    if ($Hint -ne '') { $Host.UI.WriteErrorLine("hint: $Hint") }
    exit $Status
}

function Stop-Misuse {
    param([string] $Message)
    Stop-Request -Message $Message -Hint 'make-request.ps1 -h shows the usage' -Status 2
}

# A value is one line, with something in it and no space at its ends.
function Assert-Line {
    param([string] $Name, [string] $Value)
    if ($Value -ceq '') { Stop-Misuse "$Name is empty" }
    if ($Value -cmatch '[\x00-\x1f\x7f]') {
        Stop-Misuse "$Name holds a line end or another control character"
    }
    if ($Value.StartsWith([string] ' ', [System.StringComparison]::Ordinal) -or
        $Value.EndsWith([string] ' ', [System.StringComparison]::Ordinal)) {
        Stop-Misuse "$Name begins or ends with a space"
    }
    try {
        $null = $utf8.GetBytes($Value)
    } catch {
        Stop-Misuse "$Name is not Unicode text"
    }
}

function Assert-Ascii {
    param([string] $Name, [string] $Value)
    Assert-Line $Name $Value
    if ($Value -cmatch '[^\x20-\x7e]') {
        Stop-Misuse "$Name ""$Value"" holds a character that is not ASCII"
    }
}

# A path as .NET needs it, which does not know PowerShell's current directory.
function Get-FullPath {
    param([string] $Path)
    $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}

if ($Help) {
    Write-Output $usage
    exit 0
}

# From a command line -n arrives as one string, from PowerShell as a list.
$principals = @($Principal | ForEach-Object { $_.Split([char] ',') })

if ($Authority -ceq '') { Stop-Misuse 'the authority (-a) is missing' }
if ($RequestProfile -ceq '') { Stop-Misuse 'the profile (-p) is missing' }
if ($principals.Count -eq 0) { Stop-Misuse 'at least one principal (-n) is needed' }
if ($Out -ceq '') { Stop-Misuse 'the file to write (-f) is missing' }
if ($PublicKey -ceq '') { Stop-Misuse 'the public key (KEY.pub) is missing' }
Assert-Ascii 'the authority' $Authority
Assert-Ascii 'the profile' $RequestProfile
foreach ($name in $principals) { Assert-Ascii 'the principal' $name }
foreach ($text in $Option) { Assert-Ascii 'the option' $text }
if ($PSBoundParameters.ContainsKey('Validity')) { Assert-Ascii 'the validity' $Validity }
if ($PSBoundParameters.ContainsKey('Requester')) { Assert-Line 'the requester' $Requester }
if ($PSBoundParameters.ContainsKey('Purpose')) { Assert-Line 'the purpose' $Purpose }
if ($CertificateType -cne 'user' -and $CertificateType -cne 'host') {
    Stop-Misuse "-t ""$CertificateType"" is neither user nor host"
}
if ($RenewableUntil -cne '') {
    if ($RenewableUntil -cnotmatch '\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\z') {
        Stop-Misuse "-w ""$RenewableUntil"" is not a time such as 2027-11-22T00:00:00Z"
    }
    if ($CertificateType -cne 'host') { Stop-Misuse '-w is for hosts (-t host)' }
}

$outPath = Get-FullPath $Out
if (Test-Path -LiteralPath $outPath) { Stop-Request """$Out"" exists and is not overwritten" }

$publicPath = Get-FullPath $PublicKey
if (-not (Test-Path -LiteralPath $publicPath -PathType Leaf)) {
    Stop-Request """$PublicKey"" is not a file"
}
$publicText = ''
try {
    $publicText = [System.IO.File]::ReadAllText($publicPath)
} catch {
    Stop-Request """$PublicKey"" cannot be read"
}
if ($publicText.Trim() -ceq '') { Stop-Request """$PublicKey"" is empty" }
$words = @(($publicText.Split([char] "`n")[0]).Trim() -split '[ \t]+')
$algorithm = $words[0]
if ($algorithm -clike '*-cert-v01@openssh.com') {
    Stop-Request """$PublicKey"" is a certificate, not a public key"
}
$algorithms = @(
    'ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521',
    'sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'
)
if ($algorithms -cnotcontains $algorithm) {
    Stop-Request """$PublicKey"" is not a public key that OpenSSH certifies" `
        'give the file that ends in .pub'
}
if ($words.Count -lt 2 -or $words[1] -cnotmatch '\A[A-Za-z0-9+/]+={0,2}\z') {
    Stop-Request """$PublicKey"" is not a public key: its base64 is damaged"
}
$blob = $words[1]

# The private key beside it, or the public one, by which ssh-keygen asks the agent.
$keyPath = $publicPath
$privateName = $PublicKey
if ($publicPath.EndsWith('.pub', [System.StringComparison]::OrdinalIgnoreCase)) {
    $beside = $publicPath.Substring(0, $publicPath.Length - 4)
    $privateName = $beside
    if (Test-Path -LiteralPath $beside -PathType Leaf) { $keyPath = $beside }
}

$found = @(Get-Command -Name ssh-keygen -CommandType Application -ErrorAction SilentlyContinue)
if ($found.Count -eq 0) {
    Stop-Request 'ssh-keygen is not in PATH' 'add the optional feature OpenSSH Client to Windows'
}
$keygen = $found[0].Path

$random = New-Object byte[] 16
$generator = [System.Security.Cryptography.RandomNumberGenerator]::Create()
$generator.GetBytes($random)
$generator.Dispose()
$nonce = -join ($random | ForEach-Object { $_.ToString('x2') })
$created = [System.DateTime]::UtcNow.ToString(
    "yyyy-MM-dd'T'HH:mm:ss'Z'", [System.Globalization.CultureInfo]::InvariantCulture)

$lines = New-Object System.Collections.Generic.List[string]
$lines.Add('conclave-request: v1')
$lines.Add("authority: $Authority")
$lines.Add("type: $CertificateType")
$lines.Add("public-key: $algorithm $blob")
foreach ($name in $principals) { $lines.Add("principal: $name") }
$lines.Add("profile: $RequestProfile")
if ($Validity -cne '') { $lines.Add("validity: $Validity") }
foreach ($text in $Option) { $lines.Add("option: $text") }
$lines.Add("created: $created")
$lines.Add("nonce: $nonce")
if ($Requester -cne '') { $lines.Add("requester: $Requester") }
if ($Purpose -cne '') { $lines.Add("purpose: $Purpose") }
if ($RenewableUntil -cne '') { $lines.Add("renewable-until: $RenewableUntil") }
$request = ($lines -join "`n") + "`n"

$armor = ''
$work = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "conclave-request-$nonce")
$null = [System.IO.Directory]::CreateDirectory($work)
try {
    $textPath = [System.IO.Path]::Combine($work, 'text')
    [System.IO.File]::WriteAllBytes($textPath, $utf8.GetBytes($request))

    # Its standard input and standard error stay the terminal, for a passphrase, a PIN or a touch.
    # Some hosts make errors of what a program writes to standard error; its status decides.
    $ErrorActionPreference = 'Continue'
    $null = & $keygen -q -Y sign -f $keyPath -n $namespace $textPath
    $status = $LASTEXITCODE
    $ErrorActionPreference = 'Stop'
    $hint = "the private key must be ""$privateName"" or in the agent, and OpenSSH 8.1 or later"
    if ($status -ne 0) { Stop-Request 'ssh-keygen did not sign' $hint }
    if (-not (Test-Path -LiteralPath "$textPath.sig" -PathType Leaf)) {
        Stop-Request 'ssh-keygen wrote no signature'
    }
    $armor = [System.IO.File]::ReadAllText("$textPath.sig").Replace("`r`n", "`n").Trim() + "`n"
} finally {
    [System.IO.Directory]::Delete($work, $true)
}

# The file beside the public key may be another key's. The signature names the one that made it,
# PROTOCOL.sshsig: six bytes SSHSIG, a version of four, then the public key behind its length.
$armorLines = @($armor.Trim().Split([char] "`n"))
if ($armorLines.Count -lt 3 -or $armorLines[0] -cne '-----BEGIN SSH SIGNATURE-----' -or
    $armorLines[$armorLines.Count - 1] -cne '-----END SSH SIGNATURE-----') {
    Stop-Request 'ssh-keygen wrote something else than a signature'
}
$signer = ''
try {
    $body = -join $armorLines[1..($armorLines.Count - 2)]
    $signature = [System.Convert]::FromBase64String($body)
    $length = 0
    foreach ($index in 10..13) { $length = $length * 256 + [int] $signature[$index] }
    $signer = [System.Convert]::ToBase64String($signature, 14, $length)
} catch {
    Stop-Request 'ssh-keygen wrote something else than a signature'
}
if ($signer -cne $blob) {
    Stop-Request "the signature is by another key than ""$PublicKey""" `
        "is ""$keyPath"" its private key?"
}

$bytes = $utf8.GetBytes($request + $armor)
$file = $null
try {
    $file = [System.IO.File]::Open(
        $outPath, [System.IO.FileMode]::CreateNew, [System.IO.FileAccess]::Write)
} catch {
    $reason = $_.Exception.GetBaseException().Message
    Stop-Request """$Out"" cannot be made: $reason"
}
$written = $false
try {
    $file.Write($bytes, 0, $bytes.Length)
    $file.Flush()
    $written = $true
} finally {
    $file.Dispose()
    if (-not $written) { [System.IO.File]::Delete($outPath) }
}
exit 0
