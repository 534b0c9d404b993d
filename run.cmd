@echo off
rem Makes what Bedside needs, once, and starts it: run demo, run test, run [any other command of bedside].
setlocal EnableExtensions DisableDelayedExpansion
pushd "%~dp0" || exit /b 1
set LOCK=requirements.lock
if "%~1"=="test" set LOCK=requirements-dev.lock
call :same %LOCK% && goto start
call :same requirements-dev.lock && goto start

set PYTHON=
if defined BEDSIDE_PYTHON call :try "%BEDSIDE_PYTHON%"
if not defined PYTHON call :try py -3
if not defined PYTHON call :try python
if not defined PYTHON (
    echo Bedside needs Python 3.11 or newer: as py or python on the PATH, or named by BEDSIDE_PYTHON.>&2
    goto failed
)
echo Making .venv from %LOCK%, about 250 MB to download, once>&2
call %PYTHON% -m venv --clear .venv || goto failed
set VENV=.venv\Scripts\python.exe
where uv >nul 2>nul && goto uv
%VENV% -m pip install -q --disable-pip-version-check --require-hashes -r %LOCK% || goto failed
%VENV% -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e . || goto failed
goto made
:uv
call uv pip sync -q --python %VENV% --require-hashes %LOCK% || goto failed
call uv pip install -q --python %VENV% --no-deps --no-build-isolation --config-settings editable_mode=compat -e . || goto failed
:made
copy /y %LOCK% .venv\made-from-%LOCK% >nul || goto failed
copy /y pyproject.toml .venv\made-from-pyproject.toml >nul || goto failed
>.venv\made-at.txt echo "%~dp0"

:start
if "%~1"=="test" goto test
popd
"%~dp0.venv\Scripts\bedside.exe" %*
exit /b %ERRORLEVEL%

:test
set WORDS=%*
.venv\Scripts\python.exe -m tests.all %WORDS:*test=%
set STATUS=%ERRORLEVEL%
popd
exit /b %STATUS%

:failed
popd
exit /b 1

:same
rem Whether .venv was made here, from this very lock and project.
fc /b %1 .venv\made-from-%1 >nul 2>nul || exit /b 1
fc /b pyproject.toml .venv\made-from-pyproject.toml >nul 2>nul || exit /b 1
set MADE=
if exist .venv\made-at.txt set /p MADE=<.venv\made-at.txt
if not defined MADE exit /b 1
if not %MADE%=="%~dp0" exit /b 1
exit /b 0

:try
rem Takes a Python that is new enough.
call %* -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set PYTHON=%*
exit /b 0
