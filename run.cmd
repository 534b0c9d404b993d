@echo off
rem Makes what Bedside needs, once, and starts it: run demo, run test, run [any other command of bedside].
setlocal
cd /d "%~dp0"
set LOCK=requirements.lock
if "%1"=="test" set LOCK=requirements-dev.lock
if exist ".venv\made-from-%LOCK%" goto start
where py >nul 2>nul || (echo Bedside needs Python 3.11 or newer with the py launcher. & exit /b 1)
echo Making .venv from %LOCK% (about 250 MB to download, once)
where uv >nul 2>nul && goto uv
py -3 -m venv .venv || exit /b 1
.venv\Scripts\python -m pip install -q --disable-pip-version-check --require-hashes -r %LOCK% || exit /b 1
.venv\Scripts\python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e . || exit /b 1
goto made
:uv
uv venv -q --allow-existing .venv || exit /b 1
uv pip sync -q --python .venv\Scripts\python.exe --require-hashes %LOCK% || exit /b 1
uv pip install -q --python .venv\Scripts\python.exe --no-deps --no-build-isolation --config-settings editable_mode=compat -e . || exit /b 1
:made
del /q .venv\made-from-* 2>nul
copy /y nul ".venv\made-from-%LOCK%" >nul
:start
if "%1"=="test" (.venv\Scripts\python -m tests.all & exit /b)
.venv\Scripts\bedside %*
